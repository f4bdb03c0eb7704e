/** The style of all pages: light and dark, from a phone's width up. */
export const STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif;
  --page: #f4f5f7; --card: #fff; --text: #1a1c20; --line: #d5d8dd; --edge: #767b83;
  --accent: #1b4fc4; --on-accent: #fff; --fault: #a8201a; --fault-card: #fdeceb; }
@media (prefers-color-scheme: dark) { :root {
  --page: #16181c; --card: #1f2227; --text: #e8eaed; --line: #3a3e45; --edge: #8b9199;
  --accent: #8db4ff; --on-accent: #0d1a33; --fault: #ff8e87; --fault-card: #3b2120; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); }
main { max-width: 26rem; margin: 8vh auto; padding: 1.75rem; background: var(--card);
  border: 1px solid var(--line); border-radius: .6rem; overflow-wrap: anywhere; }
@media (max-width: 30rem) { body { background: var(--card); }
  main { margin: 0; border: 0; border-radius: 0; } }
h1 { font-size: 1.35rem; line-height: 1.25; margin: 0 0 .75rem; }
p, ul, dl { margin: 0 0 1rem; }
ul { padding-left: 1.2rem; }
label { display: block; font-weight: 600; margin-bottom: .25rem; }
input { width: 100%; font: inherit; color: inherit; background: var(--card);
  padding: .55rem .65rem; margin-bottom: 1rem; border: 1px solid var(--edge); border-radius: .35rem; }
button { font: inherit; font-weight: 600; padding: .6rem 1.1rem; border-radius: .35rem; cursor: pointer;
  border: 1px solid var(--edge); background: transparent; color: inherit; }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.plain { border: 0; padding: .25rem 0; font-weight: 400; text-decoration: underline; }
:is(input, button, [tabindex]):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; }
.alert { border-left: 4px solid var(--fault); padding: .5rem .75rem; background: var(--fault-card); }
.facts { font-size: .9rem; border: solid var(--line); border-width: 1px 0; padding: 1rem 0 .5rem; }
.facts dt { font-weight: 600; }
.facts dd { margin: 0 0 .5rem; }
footer { margin-top: 1.25rem; font-size: .9rem; }
`;
