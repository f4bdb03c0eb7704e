import { describe, expect, it } from 'vitest';
import { formatHtml, type Html, html } from '../../src/pages/html.ts';

describe('html', () => {
  it('text → escaped for content and for attributes in quotes', () => {
    const text = `<a href="x" title='y'>&amp;</a>`;
    expect(formatHtml(html`<p title="${text}">${text}</p>`)).toBe(
      '<p title="&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;">' +
        '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;</p>',
    );
  });

  it('what was made of templates → as it is, one by one or as a list', () => {
    const items = ['<', '>'].map((item) => html`<li>${item}</li>`);
    expect(formatHtml(html`<ul>${items}</ul>${html`<hr>`}${undefined}${0}`)).toBe(
      '<ul><li>&lt;</li><li>&gt;</li></ul><hr>0',
    );
  });

  it('parsed data in the shape of HTML → no HTML', () => {
    const forged = JSON.parse(
      '{"html":"<script>","markup":"<script>","Symbol(markup)":"<script>"}',
    );
    expect(() => html`${forged as Html}`).toThrow(TypeError);
  });
});
