import type { Report, Row } from '../comparison/compare.ts';
import { LANES } from '../comparison/lanes.ts';
import { cellWords, costRows, KIND_TITLES } from './words.ts';

const NOTHING_YET = 'Nothing has been played yet.';

/** The report as a page without script; without a report, a notice. */
export function formatPage(report: Report | undefined, notice = NOTHING_YET): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Keybound: the same theft in every lane</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<h1>The same theft in every lane</h1>
<p>Real servers, real requests. Each row is one story, each column one way to carry access. A stolen
API key or bearer token is a stolen account; a stolen DPoP token is of no use without its key.</p>
${report === undefined ? `<p>${notice}</p>` : tables(report)}
<form method="post" action="/runs"><button>${report === undefined ? 'Play' : 'Play it again'}</button>
<small>This takes some seconds: a token has to reach its end.</small></form>
</main>
</body>
</html>
`;
}

function tables(report: Report): string {
  const head = LANES.map(({ title }) => `<th scope="col">${escapeHtml(title)}</th>`).join('');
  const verdict = report.asExpected
    ? 'Every cell is as it must be.'
    : 'Some cells are not as they must be; they are framed.';
  const body = report.rows
    .map((row, index) => kindRow(row, report.rows[index - 1]) + scenarioRow(row))
    .join('\n');
  const costs = costRows(report)
    .map(({ title, values }) => {
      const cells = values.map((value) => `<td>${escapeHtml(value)}</td>`).join('');
      return `<tr><th scope="row">${escapeHtml(title)}</th>${cells}</tr>`;
    })
    .join('\n');
  return `<p>${verdict} Servers: <code>${escapeHtml(report.issuer)}</code> issues the tokens,
<code>${escapeHtml(report.resource)}</code> is attacked.</p>
<div class="wide" tabindex="0" role="region" aria-label="Scenarios and lanes">
<table>
<thead><tr><td></td>${head}</tr></thead>
<tbody>
${body}
${sectionRow('Cost')}
${costs}
</tbody>
</table>
</div>
<p><small>–: the story needs something that this lane does not have.</small></p>`;
}

function kindRow(row: Row, previous: Row | undefined): string {
  return row.kind === previous?.kind ? '' : `${sectionRow(KIND_TITLES[row.kind])}\n`;
}

function sectionRow(title: string): string {
  return `<tr class="section"><th scope="rowgroup" colspan="${LANES.length + 1}">${escapeHtml(title)}</th></tr>`;
}

function scenarioRow(row: Row): string {
  const cells = LANES.map(({ id }) => {
    const { text, mood } = cellWords(row, id);
    const sentence = row.cells.find(({ lane }) => lane === id)?.sentence;
    const small = sentence === undefined ? '' : `<small>${escapeHtml(sentence)}</small>`;
    return `<td class="${mood}">${escapeHtml(text)}${small}</td>`;
  }).join('');
  const story = `<small>${escapeHtml(row.story)}</small>`;
  return `<tr><th scope="row">${escapeHtml(row.title)}${story}</th>${cells}</tr>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The style of the page: light and dark, and a table that scrolls inside itself on a phone. */
export const STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .5rem; }
p { max-width: 46rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .6rem; border-bottom: 1px solid #8884; }
tbody th[scope=row] { font-weight: 600; min-width: 15rem; }
td { min-width: 7rem; font-variant-numeric: tabular-nums; }
small { display: block; font-weight: 400; font-size: .8rem; opacity: .75; }
@media (max-width: 40rem) {
  tbody th[scope=row] { min-width: 7.5rem; position: sticky; left: 0; background: Canvas; }
  tbody small { display: none; }
}
.section th { padding-top: 1.4rem; font-size: 1rem; }
.good { color: light-dark(#0a6b2d, #67d68b); }
.bad { color: light-dark(#a8201a, #ff8e87); font-weight: 600; }
.fault { outline: 3px solid light-dark(#a8201a, #ff8e87); }
.none { opacity: .5; }
button { font: inherit; padding: .5rem 1rem; margin-top: 1.5rem; cursor: pointer; }
`;
