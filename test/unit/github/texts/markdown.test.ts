import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { marked } from 'marked'
import { block, cell, code, link, paragraph, prose, shortened } from '../../../../src/github/texts/markdown.ts'

const hostile = [
  '@octocat please',
  'mail me: a@b.example',
  '<img src=x onerror=alert(1)>',
  '<!-- hidden',
  '--> shown',
  '</details><h1>Approved</h1>',
  '](https://evil.example) [click',
  '![](https://evil.example/pixel.png)',
  '# Released',
  '- [x] done',
  '1. first',
  '===',
  '---',
  '> quote',
  '| a | b |',
  '```\n@octocat\n```',
  '``` @octocat',
  '` @octocat `` @octocat ```',
  '*bold* _italic_ ~~gone~~ $x$',
  'fixes #12, GH-12, owner/repo#12',
  'see https://evil.example/#1 and www.evil.example',
  '\u202egnp.exe',
  '&lt;b&gt; &amp;',
  'a\r\n\r\n# b',
  '\\@octocat \\` `',
]

/** What GitHub's filters work on after rendering: text outside of code and links. */
function outsideCode(html: string): string {
  return html.replace(/<(pre|code)\b[\s\S]*?<\/\1>/g, '')
}

describe('untrusted text', () => {
  for (const text of hostile) {
    for (const [where, markdown] of [
      ['a sentence', prose(text)],
      ['a heading', `### ✅ ${prose(text)}`],
      ['code', code(text)],
      ['a block', block([text])],
      ['a paragraph', paragraph(text)],
      ['a table', `| a | b |\n| --- | --- |\n| ${cell(prose(text))} | ${cell(code(text))} |`],
      ['a link', link(text, 'https://example.org/')],
      ['a list', `- ${prose(text)}`],
    ] as const) {
      test(`${JSON.stringify(text)} as ${where} means nothing but itself`, () => {
        const html = outsideCode(marked.parse(`before\n\n${markdown}\n\nafter`, { gfm: true, async: false }))
        const allowed = /^<\/?(p|h3|table|thead|tbody|tr|t[hd]|ul|li)>$|^<a href="https:\/\/example\.org\/">$|^<\/a>$/
        const tags = html.match(/<[^>]*>/g) ?? []
        assert.deepEqual(
          tags.filter((tag) => !allowed.test(tag)),
          [],
          html,
        )
        const outside = html.replace(/<a [\s\S]*?<\/a>/g, '')
        assert.doesNotMatch(outside, /@\w|#\d|gh-\d|:\/\/|www\.|[\u202a-\u202e]/i)
        assert.match(html, /<p>before<\/p>[\s\S]*after<\/p>\s*$/)
        assert.equal(html.match(/<tr>/g)?.length ?? 0, where === 'a table' ? 2 : 0)
        assert.equal(html.match(/<td>/g)?.length ?? 0, where === 'a table' ? 2 : 0)
      })
    }
  }

  test('what a person reads stays readable', () => {
    for (const text of ['v1.2.3 on green, after 4.8 s', 'my_app-1', 'sha-1a2b3c4', 'größe ✓', "it's 50 % done: a/b"]) {
      assert.equal(prose(text), text)
    }
    assert.equal(prose('`nginx -t` says no'), '`nginx -t` says no')
    assert.equal(prose('Connect to deploy@example.org:22 now'), 'Connect to `deploy@example.org:22` now')
  })

  test('commands below a sentence are a block, as they are', () => {
    assert.equal(paragraph('By hand:\n    cd /a && mv b c\n    d'), 'By hand:\n\n```sh\ncd /a && mv b c\nd\n```')
    assert.equal(paragraph('It said:\n@octocat'), 'It said:\n\n```text\n@octocat\n```')
  })

  test('an address ends where it ends', () => {
    const html = marked.parse(link('Site', 'https://e.org/> <b>(x) %20"'), { async: false })
    assert.match(html, /^<p><a href="https:\/\/e\.org\/%3E%20%3Cb%3E\(x\)%20%20%22">Site<\/a><\/p>/)
  })
})

test('what is too long ends with an ellipsis, and no character is cut in two', () => {
  assert.equal(shortened('a'.repeat(140), 140), 'a'.repeat(140))
  assert.equal(shortened('a'.repeat(141), 140), `${'a'.repeat(139)}…`)
  assert.equal(shortened(`${'a'.repeat(138)}😀😀`, 140), `${'a'.repeat(138)}…`)
})
