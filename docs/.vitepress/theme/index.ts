// The fonts of the reader's system: nothing is loaded for text.
import Theme from 'vitepress/theme-without-fonts';
import './wide.css';

export default Theme;
