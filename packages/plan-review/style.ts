/** CSS of the page for light and dark mode, phones and print, with contrasts of at least 4.5 : 1. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --faint: #57606a; --line: #d0d7de; --code: #f3f5f7;
  --block: #b3261e; --review: #8a5300; --safe: #1a6b35; --plus: #dff5e3; --minus: #fde4e1; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --faint: #9aa4ae; --line: #30363d;
  --code: #161b22; --block: #ff8a80; --review: #f0b35a; --safe: #6fdd8b; --plus: #12361d; --minus: #47191a; } }
* { box-sizing: border-box; }
body { margin: 0; overflow-wrap: anywhere; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; } h3 { font-size: 1rem; margin-top: 2rem; }
section { border-top: 1px solid var(--line); } footer { color: var(--faint); margin-top: 2rem; font-size: .875rem; }
code, pre { font: .8125rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: .5rem; overflow-x: auto;
  white-space: pre-wrap; margin: .5rem 0; }
pre span { display: block; padding: 0 .25rem; } .plus { background: var(--plus); } .minus { background: var(--minus); }
table { border-collapse: collapse; margin: 1rem 0; width: 100%; } th, td { text-align: left; vertical-align: top;
  padding: .375rem .5rem; border-bottom: 1px solid var(--line); } .number { text-align: right; white-space: nowrap; }
.verdict, .action { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .625rem; font-size: .875rem;
  font-weight: 600; white-space: nowrap; }
.verdict.blocked, .block > strong, .action.delete, .action.replace { color: var(--block); }
.verdict.needs-review, .review > strong, .action.update, .action.forget { color: var(--review); }
.verdict.safe, .verdict.no-changes, .info > strong, .action.create { color: var(--safe); }
.findings { list-style: none; padding: 0; } .findings > li { border-left: 4px solid var(--line); padding: .25rem .75rem;
  margin: .5rem 0; } .findings > .block { border-color: var(--block); } .findings > .review { border-color: var(--review); }
details { border-bottom: 1px solid var(--line); padding: .5rem 0; } summary { cursor: pointer; }
summary:focus-visible, pre:focus-visible { outline: 2px solid var(--review); outline-offset: 2px; }
.why { display: block; color: var(--faint); font-size: .875rem; }
@media (max-width: 40rem) { .overview, .overview :is(thead, tbody, tr, th, td) { display: block; } .overview thead { display: none; }
  .overview tr { border-bottom: 1px solid var(--line); padding: .375rem 0; } .overview td { border: 0; padding: .125rem 0;
  text-align: left; } }
@media print { details > * { display: block; } }
`;
