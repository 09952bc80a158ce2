engraver.example
next
