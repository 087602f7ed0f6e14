import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { marked } from 'marked'
import { endedBody } from '../src/github/texts/comment-body.ts'
import { summaryOf } from '../src/github/texts/summary.ts'
import { reports } from '../test/support/reports.ts'

/**
 * Renders the job summary and the comment of each result to `docs/pictures`, for eyes: `node .ci/pictures.ts`. It needs
 * a headless Chromium (Debian's package `chromium-headless-shell`) and `pngquant`, and fetches Mermaid, as which GitHub draws the
 * timeline. To be run when either was changed.
 */
const MERMAID = 'mermaid@12.3.0'
const TARGET = 'docs/pictures'
const WIDTH = 860

const style = `
  body { margin: 0; font: 14px/1.5 "Liberation Sans", Arial, "Noto Color Emoji", sans-serif; color: #1f2328; background: #fff }
  main { padding: 20px 28px; border: 1px solid #d1d9e0; border-radius: 6px; margin: 8px }
  h3 { font-size: 1.25em; margin: 0 0 16px; line-height: 1.25 }
  p, table, pre, details, ul { margin: 0 0 16px }
  table { border-collapse: collapse; display: block; width: max-content; max-width: 100% }
  th, td { padding: 6px 13px; border: 1px solid #d1d9e0 }
  tr:nth-child(2n) { background: #f6f8fa }
  code { background: #eff1f3; padding: .2em .4em; border-radius: 6px; font: 85% "DejaVu Sans Mono", monospace }
  pre { background: #f6f8fa; padding: 16px; border-radius: 6px; overflow: auto; font: 85%/1.45 "DejaVu Sans Mono", monospace }
  pre code { background: none; padding: 0; font-size: 100% }
  a { color: #0969da } ul { padding-left: 2em } summary { cursor: pointer }`

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'pictures-'))
try {
  const { stdout } = await run('npm', ['pack', MERMAID, '--silent'], { cwd: folder })
  await run('tar', ['xzf', stdout.trim(), 'package/dist/mermaid.min.js'], { cwd: folder })
  await mkdir(TARGET, { recursive: true })
  const page = {
    environment: 'production',
    upstream: 'shop',
    site: 'https://shop.example.org/',
    run: { id: 1, attempt: 1, url: 'https://github.com/owner/shop/actions/runs/1' },
  }
  for (const [result, report] of Object.entries(reports)) {
    await picture(`summary-${result}`, summaryOf(report))
    await picture(`comment-${result}`, endedBody(page, report))
  }
} finally {
  await rm(folder, { recursive: true })
}

async function picture(name: string, markdown: string): Promise<void> {
  const file = join(folder, `${name}.html`)
  await writeFile(file, await pageOf(markdown))
  const options = ['--no-sandbox', '--hide-scrollbars', '--virtual-time-budget=8000', '--force-device-scale-factor=1']
  const dom = await run('chromium-headless-shell', [...options, `--window-size=${WIDTH},800`, '--dump-dom', file], {
    maxBuffer: 64 * 1024 * 1024,
  })
  const height = /data-height="(\d+)"/.exec(dom.stdout)?.[1]
  if (height === undefined) throw new Error(`${name} was not drawn to its end.`)
  const target = join(TARGET, `${name}.png`)
  const size = `--window-size=${WIDTH},${height}`
  await run('chromium-headless-shell', [...options, size, `--screenshot=${target}`, file])
  await run('pngquant', ['--force', '--ext', '.png', '64', target])
  console.log(target, (await readFile(target)).length)
}

async function pageOf(markdown: string): Promise<string> {
  const html = await marked.parse(markdown, { gfm: true })
  const drawn = html.replaceAll(
    /<pre><code class="language-mermaid">([\s\S]*?)<\/code><\/pre>/g,
    '<div class="mermaid">$1</div>',
  )
  return `<!doctype html><meta charset="utf-8"><style>${style}</style><main>${drawn}</main>
    <script src="package/dist/mermaid.min.js"></script>
    <script>
      mermaid.initialize({ startOnLoad: false, gantt: { useWidth: ${WIDTH - 80} } })
      mermaid.run().finally(() => {
        document.body.dataset.height = Math.ceil(document.querySelector('main').getBoundingClientRect().bottom) + 8
      })
    </script>`
}
