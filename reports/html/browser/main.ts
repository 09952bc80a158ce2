/** The page's program. The page is whole without it, but for packed evidence and the filter. */
import { Attempts } from './attempts.ts';
import { showFilterBar } from './filter-bar.tsx';
import { drawWhenOpened } from './packed.tsx';

drawWhenOpened();
const attempts = new Attempts();
showFilterBar(attempts);
setTimeout(() => attempts.readTexts(), 500);
