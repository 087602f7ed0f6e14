import { createHash, createHmac } from 'node:crypto'
import type { Remedy } from '../base/notice.ts'
import { type Mistake, withPort } from './target.ts'

/** A host as known_hosts names it: what was connected to, not what it resolves to. */
export interface HostAddress {
  readonly host: string
  readonly port: number
}

/** One pinned key. `patterns` are as written; a fingerprint that names no host has `*`. */
export type KnownHost = PinnedKey | PinnedFingerprint

interface PinnedKey {
  readonly kind: 'key' | 'revoked'
  readonly patterns: readonly string[]
  readonly type: string
  readonly blob: Buffer
}

interface PinnedFingerprint {
  readonly kind: 'fingerprint'
  readonly patterns: readonly string[]
  /** Only where the line told it. */
  readonly type?: string
  readonly sha256: string
}

export type HostKeyVerdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: HostKeyRefusal; readonly message: string; readonly remedy: Remedy }

type HostKeyRefusal = 'host-key-unknown' | 'host-key-mismatch' | 'host-key-revoked'

const ed25519 = ['ssh-ed25519']
const ecdsa = ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521']
const rsa = ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa']
const families = [ed25519, ecdsa, rsa]

/** The pinned keys of a `known-hosts` input. Lines that can't be read are left out: see `knownHostsMistakes`. */
export function parseKnownHosts(text: string): readonly KnownHost[] {
  return readLines(text).flatMap((line) => ('mistake' in line ? [] : [line]))
}

/** One sentence for each line of a `known-hosts` input that can't be read. */
export function knownHostsMistakes(text: string): readonly string[] {
  return readLines(text).flatMap((line) => ('mistake' in line ? [line.mistake] : []))
}

/** Whether the key that a host presented is the pinned one. The message of a refusal shows it, and what to do. */
export function judgeHostKey(entries: readonly KnownHost[], address: HostAddress, keyBlob: Buffer): HostKeyVerdict {
  const type = blobType(keyBlob) ?? 'unknown'
  const presented = `${withPort(address.host, address.port)} presented the ${type} host key ${fingerprintOf(keyBlob)}`
  const pins = pinsOf(entries, address)
  if (pins.revoked.some((entry) => entry.blob.equals(keyBlob))) {
    const message = `${presented}, which known-hosts marks as @revoked.`
    return {
      kind: 'refused',
      reason: 'host-key-revoked',
      message,
      remedy: { text: 'Give the host a new key, and pin that one.' },
    }
  }
  const isIt = (entry: KnownHost): boolean =>
    entry.kind === 'fingerprint' ? `SHA256:${entry.sha256}` === fingerprintOf(keyBlob) : entry.blob.equals(keyBlob)
  if ([...pins.own, ...pins.fallback].some(isIt)) return { kind: 'accepted' }

  const verify = `Verify it on the host itself, by \`ssh-keygen -lf /etc/ssh/ssh_host_${keyFile(type)}_key.pub\``
  const paste = `${nameOf(address)} ${type} ${keyBlob.toString('base64')}`
  if (pins.own.some((entry) => entry.type === undefined || entry.type === type)) {
    const message =
      `${presented}, and known-hosts pins another one: the key CHANGED. Either the host was reinstalled, or somebody ` +
      'sits between and poses as it.'
    const text = `${verify}. Only where that shows the same fingerprint, replace the entry in known-hosts by:`
    return { kind: 'refused', reason: 'host-key-mismatch', message, remedy: { text, command: paste } }
  }
  const pinned = [...new Set(pins.own.map((entry) => entry.type))].join(', ')
  const known = pinned === '' ? 'no key of this host' : `only ${pinned} for this host`
  const message = `${presented}, and known-hosts has ${known}.`
  const text = `${verify}. Where that shows the same fingerprint, add to known-hosts:`
  return { kind: 'refused', reason: 'host-key-unknown', message, remedy: { text, command: paste } }
}

/** The host key algorithms for which a key of this host is pinned, best first. */
export function pinnedTypes(entries: readonly KnownHost[], address: HostAddress): readonly string[] {
  const { own, fallback } = pinsOf(entries, address)
  const types = new Set([...own, ...fallback].map((entry) => entry.type))
  return [...ed25519, ...ecdsa].filter((type) => types.has(type)).concat(types.has('ssh-rsa') ? rsa : [])
}

/**
 * The lists of host key algorithms to ask a host for, one after the other until a key is accepted. More than one only
 * where fingerprints are pinned: they do not tell the type of their key.
 */
export function hostKeyOffers(entries: readonly KnownHost[], address: HostAddress): readonly (readonly string[])[] {
  const pinned = pinnedTypes(entries, address)
  const { own, fallback } = pinsOf(entries, address)
  const tells = [...own, ...fallback].every((entry) => entry.type !== undefined)
  if (tells) return [[...pinned, ...families.flat().filter((type) => !pinned.includes(type))]]
  return [...(pinned.length > 0 ? [pinned] : []), ...families]
}

/** `SHA256:…`, as `ssh-keygen -l` shows it. */
export function fingerprintOf(keyBlob: Buffer): string {
  return `SHA256:${createHash('sha256').update(keyBlob).digest('base64').replace(/=+$/, '')}`
}

function pinsOf(entries: readonly KnownHost[], address: HostAddress) {
  const name = nameOf(address)
  const names = address.port === 22 ? [name, `[${address.host}]:22`] : [name]
  const anyPort = entries.filter((entry) => matches(entry.patterns, [...names, address.host]))
  const own = anyPort.filter((entry) => entry.kind !== 'revoked' && matches(entry.patterns, names))
  return {
    revoked: anyPort.flatMap((entry) => (entry.kind === 'revoked' ? [entry] : [])),
    own,
    // As in OpenSSH, an entry without a port can vouch for another port, where that has no entry of its own.
    fallback: own.some((entry) => entry.patterns !== EVERY_HOST)
      ? []
      : anyPort.filter((entry) => entry.kind !== 'revoked'),
  }
}

/** Of a fingerprint that names none. */
const EVERY_HOST: readonly string[] = ['*']

function nameOf({ host, port }: HostAddress): string {
  return port === 22 ? host : `[${host}]:${port}`
}

function matches(patterns: readonly string[], names: readonly string[]): boolean {
  const one = (pattern: string): boolean => names.some((name) => matchesOne(pattern, name.toLowerCase()))
  if (patterns.some((pattern) => pattern.startsWith('!') && one(pattern.slice(1)))) return false
  return patterns.some((pattern) => !pattern.startsWith('!') && one(pattern))
}

function matchesOne(pattern: string, name: string): boolean {
  if (pattern.startsWith('|1|')) {
    const [, , salt = '', hash] = pattern.split('|')
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash
  }
  return fits(pattern.toLowerCase(), name)
}

/** `*` and `?`, tried in a time that does not explode: what the last `*` stands for grows until the rest fits. */
function fits(pattern: string, name: string): boolean {
  let [at, star, from] = [0, -1, 0]
  for (let i = 0; i < name.length; ) {
    const wanted = pattern[at]
    if (wanted === '*') {
      star = at++
      from = i
    } else if (wanted === '?' || wanted === name[i]) {
      at++
      i++
    } else if (star >= 0) {
      at = star + 1
      i = ++from
    } else return false
  }
  return /^\**$/.test(pattern.slice(at))
}

function readLines(text: string): readonly (KnownHost | Mistake)[] {
  return text.split(/\r\n|\n|\r/).flatMap((line, index): (KnownHost | Mistake)[] => {
    const words = line.trim().split(/\s+/)
    if (words[0] === '' || words[0]?.startsWith('#')) return []
    const read = readLine(words)
    return typeof read === 'string' ? [{ mistake: `Line ${index + 1} of known-hosts ${read}` }] : [read]
  })
}

/** The entry, or what is wrong with it. */
function readLine(words: readonly string[]): KnownHost | string {
  const marker = words[0]?.startsWith('@') ? words[0] : undefined
  const [names = '', type, key] = marker === undefined ? words : words.slice(1)
  if (marker === '@cert-authority') {
    return 'is a @cert-authority, and host certificates are not supported. Pin the key of the host itself, as `ssh-keyscan` shows it.'
  }
  if (marker !== undefined && marker !== '@revoked') return `begins with the unknown marker ${marker}. Remove the line.`
  if (words.some((word) => /^MD5:/i.test(word)))
    return 'is an MD5 fingerprint. Pin the SHA256 one, by `ssh-keygen -lf`.'
  const at = words.findIndex((word) => word.startsWith('SHA256:'))
  if (at >= 0 && marker === undefined) return readFingerprint(words, at)

  if (type === undefined || key === undefined) {
    return 'is neither a known_hosts line (host, type, key) nor a SHA256:… fingerprint. Paste what `ssh-keyscan` shows for the host.'
  }
  const blob = Buffer.from(key, 'base64')
  if (blobType(blob) !== type || blob.toString('base64').replace(/=+$/, '') !== key.replace(/=+$/, '')) {
    return `has a key that is cut short, or not of type ${type}. Paste the whole line that \`ssh-keyscan\` shows.`
  }
  const patterns = names.split(',').filter(Boolean)
  if (patterns.length === 0) return NO_HOST
  return { kind: marker === undefined ? 'key' : 'revoked', patterns, type, blob }
}

const NO_HOST = 'names no host before its key. Write the host that it is the key of, as `ssh-keyscan` shows it.'

/**
 * `SHA256:…`, `host SHA256:…`, or the line of `ssh-keygen -l`: bits, fingerprint, comment, type in parentheses. Of a
 * known_hosts file that comment is the host.
 */
function readFingerprint(words: readonly string[], at: number): KnownHost | string {
  const sha256 = words[at]?.slice('SHA256:'.length).replace(/=+$/, '') ?? ''
  if (!/^[A-Za-z0-9+/]{43}$/.test(sha256))
    return 'has a SHA256 fingerprint that is not 43 characters long. Paste all of it.'
  if (at > 1) return 'has more than a host name before its SHA256 fingerprint. Write: host SHA256:…'
  const first = words[0] ?? ''
  const named = at === 0 || /^\d+$/.test(first) ? hostOfComment(words.slice(at + 1)) : first
  const patterns = named === undefined ? EVERY_HOST : named.split(',').filter(Boolean)
  if (patterns.length === 0) return NO_HOST
  const type = { '(ED25519)': 'ssh-ed25519', '(RSA)': 'ssh-rsa' }[words.at(-1) ?? '']
  return { kind: 'fingerprint', patterns, sha256, ...(type === undefined ? {} : { type }) }
}

/** `root@web` says who made the key, and is no host; `no comment` neither. */
function hostOfComment(words: readonly string[]): string | undefined {
  const comment = words.filter((word) => !/^\(.*\)$/.test(word))
  const [only = ''] = comment
  return comment.length === 1 && !only.includes('@') && !only.startsWith('#') ? only : undefined
}

function blobType(blob: Buffer): string | undefined {
  const length = blob.length < 4 ? 0 : blob.readUInt32BE(0)
  return length > 0 && length < 64 && blob.length > 4 + length ? blob.toString('latin1', 4, 4 + length) : undefined
}

function keyFile(type: string): string {
  if (type.startsWith('ecdsa')) return 'ecdsa'
  return type === 'ssh-rsa' ? 'rsa' : 'ed25519'
}
