import { createPrivateKey, type KeyObject } from 'node:crypto'
import ssh2 from 'ssh2'
import { armor, openSshFromEd25519, readOpenSshHeader } from './openssh-key.ts'
import type { Mistake } from './target.ts'

const paste = 'Paste the whole private key file, from its BEGIN line to its END line, as a secret.'
const encrypted =
  'The private-key is encrypted with a passphrase, which nobody can type here. Make a key of its own for releases ' +
  "(`ssh-keygen -t ed25519 -N '' -f release_key`), or remove the passphrase from a copy (`ssh-keygen -p -N '' -f copy`)."
const cutShort = `The private-key is cut short or damaged. ${paste}`

/**
 * A key in a form that ssh2 reads, from what pasting makes of one: other line ends, lost lines, literal `\n`, quotes,
 * indentation, base64 around it, PKCS#8. No sentence of it ever shows key material.
 */
export function repairPrivateKey(text: string): { readonly key: string } | Mistake {
  const repaired = repair(text)
  if ('mistake' in repaired) return repaired
  const parsed = ssh2.utils.parseKey(repaired.key)
  if (parsed instanceof Error) return { mistake: cutShort }
  const usable = Array.isArray(parsed) ? parsed[0] : parsed
  return usable?.isPrivateKey() ? repaired : { mistake: publicKey }
}

/**
 * The strings that a log must not show: the lines of a key as given, and its body as tools wrap it, without BEGIN and END.
 */
export function secretsOf(text: string): readonly string[] {
  const repaired = repairPrivateKey(text)
  const body = 'key' in repaired ? withoutArmor(repaired.key).replace(/\s+/g, '') : ''
  const wrapped = [64, 70].flatMap((width) => body.match(new RegExp(`.{1,${width}}`, 'g')) ?? [])
  const given = [...text.split(/[\r\n]+/), ...withoutArmor(unmangled(text)).split(/\s+/)].map((row) => row.trim())
  // A shorter string, such as the padding at a key's end, would blacken innocent words.
  const secrets = [...given, body, ...wrapped].filter((secret) => secret.length >= 8)
  return [...new Set(secrets)].filter((secret) => !/^-----[A-Z ]+-----$|^[A-Za-z-]+: /.test(secret))
}

const publicKey = `The private-key is a public key. ${paste} It is the file without .pub.`

function repair(text: string): { readonly key: string } | Mistake {
  const clean = unmangled(text)
  if (clean === '') return { mistake: `The private-key is empty. ${paste}` }
  if (clean.startsWith('PuTTY-User-Key-File-')) return repairPutty(clean)
  if (/^(ssh-|ecdsa-|sk-)\S+-cert-v01@openssh\.com /.test(clean)) {
    return { mistake: `The private-key is an OpenSSH certificate, which is not supported. ${paste}` }
  }
  if (/^(ssh-|ecdsa-|sk-)\S+ AAAA|^---- BEGIN SSH2 PUBLIC/.test(clean)) return { mistake: publicKey }
  if (/^[~./]\S{0,200}$/.test(clean))
    return { mistake: `The private-key is the path of a file, not the key in it. ${paste}` }

  const block = /-----BEGIN ([A-Z0-9 ]+?) ?-----([\s\S]*?)(?:-----? ?END|$)/.exec(clean)
  if (block !== null) return repairBlock(block[1] ?? '', block[2] ?? '')
  return repairBare(clean.replace(/-+ ?END[\s\S]*$/, '').replace(/\s+/g, ''))
}

/** What has lost its BEGIN line, or is base64 of the whole file. */
function repairBare(base64: string): { readonly key: string } | Mistake {
  if (!isBase64(base64)) return { mistake: `The private-key has no BEGIN line. ${paste}` }
  const decoded = Buffer.from(base64, 'base64')
  if (readOpenSshHeader(decoded) !== undefined) return repairBlock('OPENSSH PRIVATE KEY', base64)
  const inner = decoded.toString('utf8')
  return /BEGIN [A-Z0-9 ]+-----|^PuTTY-User-Key-File-/.test(inner) ? repair(inner) : { mistake: cutShort }
}

function repairBlock(label: string, body: string): { readonly key: string } | Mistake {
  if (label === 'CERTIFICATE') return { mistake: `The private-key is a certificate. ${paste}` }
  if (label.endsWith('PUBLIC KEY')) return { mistake: publicKey }
  if (label === 'ENCRYPTED PRIVATE KEY' || /Proc-Type:\s*4,\s*ENCRYPTED/.test(body)) return { mistake: encrypted }
  if (!label.endsWith('PRIVATE KEY'))
    return { mistake: `The private-key is a ${label}, which SSH does not use. ${paste}` }
  const base64 = body.replace(/\s+/g, '').replace(/-+$/, '')
  if (!isBase64(base64)) return { mistake: cutShort }
  if (label === 'PRIVATE KEY') return convert(base64)
  if (label !== 'OPENSSH PRIVATE KEY') return checkPem(armor(label, base64))

  const header = readOpenSshHeader(Buffer.from(base64, 'base64'))
  if (header === undefined) return { mistake: cutShort }
  if (header.type.startsWith('sk-')) {
    return {
      mistake:
        'The private-key belongs to a hardware security key, which nobody can touch here. Make a plain ed25519 key.',
    }
  }
  return header.cipher === 'none' ? { key: armor(label, base64) } : { mistake: encrypted }
}

/** ssh2 takes half of an RSA key for a whole one. */
function checkPem(pem: string): { readonly key: string } | Mistake {
  try {
    createPrivateKey(pem)
    return { key: pem }
  } catch {
    return { mistake: cutShort }
  }
}

/** PKCS#8, as `openssl genpkey` and cloud consoles write it, in the older forms that ssh2 reads. */
function convert(base64: string): { readonly key: string } | Mistake {
  let key: KeyObject
  try {
    key = createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' })
  } catch {
    return { mistake: cutShort }
  }
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return { key: key.export({ type: 'pkcs1', format: 'pem' }).toString() }
    case 'ec':
      return /^(prime256v1|secp384r1|secp521r1)$/.test(key.asymmetricKeyDetails?.namedCurve ?? '')
        ? { key: key.export({ type: 'sec1', format: 'pem' }).toString() }
        : { mistake: 'The private-key is on an elliptic curve that SSH does not know. Make an ed25519 key.' }
    case 'ed25519': {
      const { d = '', x = '' } = key.export({ format: 'jwk' })
      return { key: openSshFromEd25519({ seed: Buffer.from(d, 'base64url'), publicKey: Buffer.from(x, 'base64url') }) }
    }
    default:
      return {
        mistake: `The private-key is of the kind ${key.asymmetricKeyType}, which SSH does not know. Make an ed25519 key.`,
      }
  }
}

function repairPutty(clean: string): { readonly key: string } | Mistake {
  if (!/^Encryption: none$/m.test(clean)) return { mistake: encrypted }
  if (!(ssh2.utils.parseKey(clean) instanceof Error)) return { key: `${clean}\n` }
  return {
    mistake:
      'The private-key is a PuTTY key of a kind that is not supported. Convert it: `puttygen key.ppk -O private-openssh -o key`, ' +
      'or in PuTTYgen by Conversions, Export OpenSSH key.',
  }
}

/** Without quotes, literal `\n`, indentation, foreign line ends. */
function unmangled(text: string): string {
  const unquoted = text
    .replace(/^\uFEFF/, '')
    .trim()
    .replace(/^(["'])([\s\S]*)\1$/, '$2')
  const broken = unquoted.replace(/\\r\\n|\\n/g, '\n').replace(/\r\n?/g, '\n')
  return broken
    .split('\n')
    .map((row) => row.trim())
    .join('\n')
    .trim()
}

function withoutArmor(text: string): string {
  return text.replace(/-----(BEGIN|END)[^-]*(-----)?/g, '\n')
}

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]{16,}={0,2}$/.test(text)
}
