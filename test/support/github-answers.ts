import type { KeptComment, KeptCommitStatus, KeptDeployment, KeptStatus } from './github-state.ts'
import { at } from './openapi.ts'

const WHEN = '2026-01-02T03:04:05Z'

export function deploymentAnswer({ id, ref, sha, task, environment, payload, creator }: KeptDeployment): object {
  return sample('deployment', { id, ref, sha, task, environment, payload, creator: user(creator, 'Bot') })
}

export function deploymentStatusAnswer({ id, state, description, log_url, environment_url }: KeptStatus): object {
  const urls = { target_url: log_url, log_url, environment_url }
  return sample('deployment-status', { id, state, description, ...urls, creator: user('github-actions[bot]', 'Bot') })
}

export function commitStatusAnswer({ state, description, context }: KeptCommitStatus): object {
  return sample('status', { state, description, context, creator: user('github-actions[bot]', 'Bot') })
}

export function commentAnswer({ id, body, user: { login, type }, role }: KeptComment): object {
  return sample('issue-comment', { id, body, user: user(login, type), author_association: role })
}

export function pullAnswer(number: number): object {
  return sample('pull-request-simple', { number, state: 'open' })
}

export function commitAnswer(sha: string): object {
  return sample('commit', { sha })
}

export function comparisonAnswer(status: string): object {
  return sample('commit-comparison', { status })
}

export function runAnswer(id: number, status: string): object {
  return sample('workflow-run', { id, status })
}

function user(login: string, type: string): object {
  return sample('simple-user', { login, type })
}

/** The least that the description allows for a schema, with these values put over it. */
function sample(name: string, values: object): object {
  return { ...(least({ $ref: `#/components/schemas/${name}` }) as object), ...values }
}

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly nullable?: boolean
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
}

function least(schema: Schema): unknown {
  if (schema.$ref !== undefined) return least(at(schema.$ref) as Schema)
  if (schema.nullable) return null
  if (schema.enum !== undefined) return schema.enum[0]
  const [choice] = schema.oneOf ?? schema.anyOf ?? schema.allOf ?? []
  if (choice !== undefined) return least(choice)
  switch (schema.type) {
    case 'integer':
    case 'number':
      return 1
    case 'boolean':
      return false
    case 'array':
      return []
    case 'string':
      return schema.format === 'date-time' ? WHEN : schema.format === 'uri' ? 'https://api.github.com/' : ''
    default: {
      const { required = [], properties = {} } = schema
      return Object.fromEntries(required.map((name) => [name, least(properties[name] ?? {})]))
    }
  }
}
