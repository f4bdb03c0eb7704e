/** The style of all pages: light and dark, from a phone's width up. */
export const STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
* { box-sizing: border-box; }
body { margin: 0; background: light-dark(#f4f5f7, #16181c); color: light-dark(#1a1c20, #e8eaed); }
main { max-width: 26rem; margin: 8vh auto; padding: 1.75rem; background: light-dark(#fff, #1f2227);
  border: 1px solid light-dark(#d5d8dd, #3a3e45); border-radius: .6rem; }
@media (max-width: 30rem) { main { margin: 0; min-height: 100vh; border: 0; border-radius: 0; } }
h1 { font-size: 1.35rem; line-height: 1.25; margin: 0 0 .75rem; overflow-wrap: anywhere; }
p, ul, dl { margin: 0 0 1rem; }
ul { padding-left: 1.2rem; }
label { display: block; font-weight: 600; margin-bottom: .25rem; }
input { width: 100%; font: inherit; color: inherit; background: light-dark(#fff, #16181c);
  padding: .55rem .65rem; margin-bottom: 1rem; border: 1px solid light-dark(#767b83, #8b9199); border-radius: .35rem; }
button { font: inherit; font-weight: 600; padding: .6rem 1.1rem; border-radius: .35rem; cursor: pointer;
  border: 1px solid light-dark(#767b83, #8b9199); background: transparent; color: inherit; }
button.primary { background: light-dark(#1b4fc4, #8db4ff); border-color: transparent; color: light-dark(#fff, #0d1a33); }
button.plain { border: 0; padding: 0; font-weight: 400; text-decoration: underline; }
:is(input, button, [tabindex]):focus-visible { outline: 3px solid light-dark(#1b4fc4, #8db4ff); outline-offset: 2px; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; }
.alert { border-left: 4px solid light-dark(#a8201a, #ff8e87); padding: .5rem .75rem;
  background: light-dark(#fdeceb, #3b2120); }
.facts { font-size: .9rem; border-top: 1px solid light-dark(#d5d8dd, #3a3e45); padding-top: 1rem; }
.facts dt { font-weight: 600; }
.facts dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
footer { margin-top: 1.25rem; font-size: .9rem; }
`;
