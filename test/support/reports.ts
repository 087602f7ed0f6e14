import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from '../../src/front/report.ts'

/** Reports of four real runs in the lab, one for each result. */
export const reports = JSON.parse(readFileSync(join(import.meta.dirname, 'reports.json'), 'utf8')) as Readonly<
  Record<Report['result'], Report>
>
