import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  childrenNamed,
  effective,
  httpServers,
  parseConfiguration,
  parseDump,
  positionOf,
  serverTitle,
  walk,
} from '../../../../../src/routers/nginx/config/configuration.ts'
import { type Directive, parseFile } from '../../../../../src/routers/nginx/config/syntax.ts'
import { configurationOf, documented, real } from '../fixtures.ts'

/** As Nginx prints its files: a header, the bytes, one newline. */
function dumpOf(files: readonly { path: string; text: string }[]): string {
  return files.map(({ path, text }) => `# configuration file ${path}:\n${text}\n`).join('')
}

function flat(directives: readonly Directive[]): readonly Directive[] {
  return directives.flatMap((directive) => [directive, ...flat(directive.block ?? [])])
}

describe('reading one file', () => {
  const cases: readonly [string, string, readonly string[]][] = [
    ['plain', 'listen 80 default_server;', ['listen', '80', 'default_server']],
    ['quotes', `a "x ; y" 'z } w';`, ['a', 'x ; y', 'z } w']],
    ['escapes', String.raw`a "\"\n\d" \;;`, ['a', '"\n\\d', '\\;']],
    ['a comment between words', 'a b # c;\n d;', ['a', 'b', 'd']],
    ['a # inside a word', 'a b#c;', ['a', 'b#c']],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Nginx writes its variables so.
    ['a variable in braces', 'set $x a${b}c;', ['set', '$x', 'a${b}c']],
    ['a condition with a quoted expression', 'if ($a ~ "x{2}") {}', ['if', '($a', '~', 'x{2}', ')']],
    ['nothing between words and marks', 'a"b"{}', ['a"b"']],
    ['an empty word', "a '';", ['a', '']],
  ]
  for (const [name, text, expected] of cases) {
    test(name, () => {
      const [directive] = parseFile('x', text)
      assert.deepEqual([directive?.name, ...(directive?.args ?? [])], expected)
    })
  }

  test('Lua is skipped, whatever its braces', () => {
    const lua = `content_by_lua_block {
      -- a } here
      local a = "}" .. '{' .. [[ } ]] --[==[ } ]==]
      if a then ngx.say({ 1, { 2 } }) end
    } after 1;`
    const [block, after] = parseFile('x', lua)
    assert.equal(block?.block?.length, 0)
    assert.equal(after?.name, 'after')
  })

  const broken: readonly [string, string, RegExp][] = [
    ['an open block', 'a {\n b;\n', /x, line 3: the end of the file/],
    ['a lone brace', 'a;\n}', /x, line 2: '}'/],
    ['a missing semicolon', 'a b\n}', /x, line 2: '}'/],
    ['an open quote', 'a;\nb "c', /x, line 2: the end/],
    ['open Lua', 'a_by_lua_block { {}', /the end of the file/],
  ]
  for (const [name, text, expected] of broken) test(name, () => assert.throws(() => parseFile('x', text), expected))

  for (const [name, text] of Object.entries(real)) {
    test(`every range is where its text is: ${name}`, () => {
      const all = flat(parseFile('x', text))
      assert.ok(all.length > 3)
      for (const directive of all) {
        const alone = text.slice(directive.range.start, directive.range.end)
        const [again, ...rest] = parseFile('x', alone)
        assert.deepEqual([again?.name, again?.args, rest.length], [directive.name, directive.args, 0])
        assert.match(alone, /[;}]$/)
        assert.equal(directive.words.length, directive.args.length + 1)
      }
    })
  }

  test('a hundred thousand comments and words', () => {
    const text = `${'# comment\n'.repeat(100_000)}a ${'b '.repeat(100_000)};`
    assert.equal(parseFile('x', text)[0]?.args.length, 100_000)
  })
})

describe('what nginx -T prints', () => {
  test('each file comes back exactly', () => {
    const includes = Object.keys(real).map((_, i) => `include sites/${i};`)
    const files = [
      { path: '/etc/nginx/nginx.conf', text: includes.join('\n') },
      ...Object.values(real).map((text, i) => ({ path: `/etc/nginx/sites/${i}`, text })),
    ]
    assert.deepEqual(parseDump(dumpOf(files)), files)
    assert.deepEqual(parseDump(`nginx: test is successful\n${dumpOf(files)}`), files)
  })

  test('a comment that looks like a file stays where it is', () => {
    const files = [
      { path: '/etc/nginx/nginx.conf', text: 'http {\n  include conf.d/*.conf;\n}\n' },
      {
        path: '/etc/nginx/conf.d/a.conf',
        text: '# configuration file /o:\na;\n# configuration file /etc/nginx/old.conf:\nb;\n',
      },
      { path: '/etc/nginx/conf.d/b.conf', text: '' },
    ]
    assert.deepEqual(parseDump(dumpOf(files)), files)
  })

  test('nothing gives nothing', () => {
    assert.deepEqual(parseDump(''), [])
    assert.deepEqual(parseConfiguration([]).main, [])
  })
})

describe('include', () => {
  const cases: readonly [string, string, readonly string[]][] = [
    ['a path', 'include one;', ['/n/one']],
    ['an absolute path', 'include /m/x.conf;', ['/m/x.conf']],
    ['a star, in the order of names', 'include d/*.conf;', ['/n/d/a.conf', '/n/d/b.conf']],
    ['a question mark', 'include d/?.conf;', ['/n/d/a.conf', '/n/d/b.conf']],
    ['a set', 'include d/[b-z].conf;', ['/n/d/b.conf']],
    ['a negated set', 'include d/[!a].conf;', ['/n/d/b.conf']],
    ['all, but not hidden ones', 'include d/*;', ['/n/d/a.conf', '/n/d/b.conf']],
    ['a star in a folder', 'include */a.conf;', ['/n/d/a.conf']],
    ['nothing that fits', 'include none/*;', []],
  ]
  for (const [name, include, expected] of cases) {
    test(name, () => {
      const others = ['/n/one', '/m/x.conf', '/n/d/b.conf', '/n/d/a.conf', '/n/d/.a.conf']
      const files = [{ path: '/n/nginx.conf', text: include }, ...others.map((path) => ({ path, text: 'x;' }))]
      assert.deepEqual(
        parseConfiguration(files).main.map(({ file }) => file),
        expected,
      )
    })
  }

  test('a file inside a block inherits from what is round it', () => {
    const configuration = parseConfiguration([
      { path: '/n/nginx.conf', text: 'a main;\nhttp { b http; include s/*; }' },
      { path: '/n/s/app', text: '\nserver { server_name _ app.test; c server; }\nserver { b server; }' },
    ])
    const [first, second] = httpServers(configuration)
    assert.ok(first && second)
    const values = ['a', 'b', 'c', 'd'].map((name) => effective(configuration, first, name)?.args[0])
    assert.deepEqual(values, ['main', 'http', 'server', undefined])
    assert.deepEqual(effective(configuration, second, 'b')?.args, ['server'])
    assert.equal(positionOf(configuration, second.directive), '/n/s/app:3')
    assert.equal(serverTitle(configuration, first), 'app.test')
    assert.equal(serverTitle(configuration, second), '/n/s/app:3')
  })

  test('a file that includes itself ends', () => {
    const main = parseConfiguration([{ path: '/n/nginx.conf', text: 'a; include nginx.conf;' }]).main
    assert.deepEqual(
      main.map(({ name }) => name),
      ['a'],
    )
  })
})

test('walking goes through every directive with what is round it', () => {
  const passes = [...walk(configurationOf(documented))].filter(({ directive }) => directive.name === 'proxy_pass')
  assert.deepEqual(
    passes.map(({ ancestors }) => ancestors.map(({ name }) => name)),
    [['http', 'server', 'location']],
  )
  const [server] = httpServers(configurationOf(documented))
  assert.ok(server)
  assert.equal(childrenNamed(server.directive, 'if').length, 2)
})
