/** Why docker does not answer, by its own words. */
export type DockerFault =
  /** The socket is not this user's to use. */
  | { readonly kind: 'not allowed' }
  | { readonly kind: 'missing' }
  /** The engine of this host does not run. */
  | { readonly kind: 'stopped' }
  /** `DOCKER_HOST` or the chosen context sends it elsewhere. */
  | { readonly kind: 'elsewhere'; readonly endpoint: string }
  | { readonly kind: 'no context'; readonly context: string }
  | { readonly kind: 'unknown' }

/** Sockets of an engine that the system starts. */
const OWN = /^unix:\/\/\/(var\/)?run\/docker\.sock$/

/** What docker complains of; `unknown` for what is none of these. */
export function dockerFault(words: string): DockerFault {
  const [, context] = /context "([^"]+)"(?:: context not found| does not exist|: no such context)/i.exec(words) ?? []
  if (context !== undefined) return { kind: 'no context', context }
  const [endpoint] = /\b(?:unix|tcp|ssh|https?|npipe):\/\/[^\s"',]+/i.exec(words) ?? []
  const plain = endpoint?.replace(/^unix:\/\/%2f/i, 'unix:///').replaceAll(/%2f/gi, '/')
  const at = plain?.replace(/(\.sock)[:/].*$/, '$1').replace(/[.:?]+$/, '')
  if (/permission denied/i.test(words)) return { kind: 'not allowed' }
  if (at !== undefined && !OWN.test(at.replace('http:///', 'unix:///'))) return { kind: 'elsewhere', endpoint: at }
  if (/Cannot connect to the Docker daemon|daemon running/i.test(words)) return { kind: 'stopped' }
  if (/not found|No such file/i.test(words) && !/daemon|sock/i.test(words)) return { kind: 'missing' }
  return { kind: 'unknown' }
}

/** A file of the project that the user may not read, as compose names it. */
export function closedFile(words: string): string | undefined {
  const [, path] = /\b(?:open|stat|read|lstat) (\/[^:\n]+): permission denied/.exec(words) ?? []
  return path?.endsWith('.sock') ? undefined : path
}
