import { type IncomingHttpHeaders, request as plain } from 'node:http'
import { request as secure } from 'node:https'

export interface WebAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** `X-Version`, or nothing where the answer is not the application's. */
  readonly version: string | undefined
}

/**
 * One GET on a connection of its own. Certificates are not verified, redirects not followed.
 * @throws Error where the connection fails or nothing comes within 10 seconds.
 */
export function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<WebAnswer> {
  return new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? secure : plain
    const options = { headers, agent: false, rejectUnauthorized: false, timeout: 10_000 }
    const sent = request(url, options, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        body += text
      })
      response.on('error', reject)
      response.on('end', () => {
        const version = response.headers['x-version']
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body,
          version: typeof version === 'string' ? version : undefined,
        })
      })
    })
    sent.on('timeout', () => sent.destroy(new Error(`No answer from ${url} within 10 seconds.`)))
    sent.on('error', reject)
    sent.end()
  })
}
