import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** ssh2's optional native parts: without them it uses its own JavaScript, and `dist` is the same on every machine. */
const withoutNativeParts: Plugin = {
  name: 'without-native-parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.node$|^cpu-features$/ }, ({ path }) => ({ path, namespace: 'native' }))
    onLoad({ filter: /.*/, namespace: 'native' }, () => ({ contents: "throw new Error('not bundled')" }))
  },
}

/** `@actions/core` asks for OIDC tokens over HTTP, which nothing here does: its client is a third of what a start would load. */
const withoutTokens: Plugin = {
  name: 'without-tokens',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@actions\/http-client/ }, ({ path, importer }) =>
      /[\\/]@actions[\\/]core[\\/]/.test(importer) ? { path, namespace: 'tokens' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'tokens' }, () => ({
      contents: 'export class HttpClient {}; export class BearerCredentialHandler {}',
    }))
  },
}

/** What bundled CommonJS modules expect to find in an ES module. */
const banner = [
  "import { createRequire as __createRequire } from 'node:module'",
  'const require = __createRequire(import.meta.url)',
  'const __filename = import.meta.filename',
  'const __dirname = import.meta.dirname',
].join('\n')

async function bundle(outdir: string): Promise<void> {
  await build({
    entryPoints: ['src/main.ts', 'src/post.ts'],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    // The paths in dist are those of here, wherever node_modules really is.
    preserveSymlinks: true,
    target: 'node24',
    legalComments: 'eof',
    banner: { js: banner },
    plugins: [withoutNativeParts, withoutTokens],
    logLevel: 'warning',
  })
}

async function contents(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).filter((name) => name !== 'package.json').sort()
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  )
}

async function check(): Promise<void> {
  const fresh = await mkdtemp(join(tmpdir(), 'dist-'))
  try {
    await bundle(fresh)
    const [built, committed] = [await contents(fresh), await contents('dist')]
    const names = [...new Set([...built.keys(), ...committed.keys()])]
    const stale = names.filter((name) => built.get(name) !== committed.get(name))
    if (stale.length > 0) {
      console.error(`dist is not what src makes: ${stale.join(', ')}. Run \`npm run build\` and commit dist.`)
      process.exitCode = 1
    }
  } finally {
    await rm(fresh, { recursive: true })
  }
}

if (process.argv.includes('--check')) await check()
else {
  await rm('dist', { recursive: true, force: true })
  await bundle('dist')
}
