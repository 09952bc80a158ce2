hub
hub.sawmill.example
sawmill.example
