import { randomBytes } from 'node:crypto'

/** The two halves of an ed25519 key, 32 bytes each. */
export interface Ed25519Pair {
  readonly seed: Buffer
  readonly publicKey: Buffer
}

/** What the outside of an OpenSSH private key tells without its passphrase; `undefined` where it is none. */
export function readOpenSshHeader(blob: Buffer): { readonly cipher: string; readonly type: string } | undefined {
  const magic = 'openssh-key-v1\0'
  if (blob.toString('latin1', 0, magic.length) !== magic) return undefined
  let at = magic.length
  const next = (): Buffer => {
    const length = at + 4 <= blob.length ? blob.readUInt32BE(at) : 0
    const value = blob.subarray(at + 4, at + 4 + length)
    at += 4 + length
    return value
  }
  const cipher = next().toString('latin1')
  next()
  next()
  at += 4
  const publicKey = next()
  const length = publicKey.length < 4 ? 0 : publicKey.readUInt32BE(0)
  return { cipher, type: publicKey.toString('latin1', 4, 4 + length) }
}

/** An unencrypted OpenSSH private key: the only form of ed25519 that ssh2 reads. */
export function openSshFromEd25519({ seed, publicKey }: Ed25519Pair): string {
  const type = Buffer.from('ssh-ed25519')
  const none = Buffer.from('none')
  const check = randomBytes(4)
  const secret = Buffer.concat([
    check,
    check,
    field(type),
    field(publicKey),
    field(Buffer.concat([seed, publicKey])),
    field(Buffer.alloc(0)),
  ])
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (secret.length % 8)) % 8))
  const blob = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field(none),
    field(none),
    field(Buffer.alloc(0)),
    Buffer.from([0, 0, 0, 1]),
    field(Buffer.concat([field(type), field(publicKey)])),
    field(Buffer.concat([secret, padding])),
  ])
  return armor('OPENSSH PRIVATE KEY', blob.toString('base64'))
}

/** Base64 between its BEGIN and END lines. */
export function armor(label: string, base64: string): string {
  const body = base64.match(/.{1,64}/g)?.join('\n') ?? ''
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`
}

function field(value: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(value.length)
  return Buffer.concat([length, value])
}
