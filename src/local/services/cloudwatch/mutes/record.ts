// What is kept of mute rules, and which alarms they mute at a moment.

import type { Rows } from '../../../store/store.ts'
import { comesOnce, lastWindow, type Schedule } from './schedule.ts'

export interface MuteRule {
  readonly Name: string
  readonly Description?: string
  readonly Schedule: Schedule
  readonly AlarmNames: readonly string[]
  /** Milliseconds: before and after these it mutes nothing. */
  readonly start?: number
  readonly expire?: number
  readonly updated: number
}

const table = 'mute-rules'

export function findMuteRule(rows: Rows, place: string, name: string): MuteRule | undefined {
  return rows.get<MuteRule & Record<string, never>>(table, `${place}/${name}`)
}

export function keepMuteRule(rows: Rows, place: string, rule: MuteRule): void {
  rows.put(table, `${place}/${rule.Name}`, rule)
}

export function removeMuteRule(rows: Rows, place: string, name: string): void {
  rows.delete(table, `${place}/${name}`)
}

/** By name, in order. */
export function muteRules(rows: Rows, place: string): MuteRule[] {
  return rows.scan<MuteRule & Record<string, never>>(table, { prefix: `${place}/` }).map(({ value }) => value)
}

/** Until when it mutes, where it does. */
function mutesUntil({ Schedule, start = -Infinity, expire = Infinity }: MuteRule, now: number): number | undefined {
  if (now < start || now >= expire) return undefined
  const window = lastWindow(Schedule, now)
  return window && now < window.end ? Math.min(window.end, expire) : undefined
}

export function statusOf(rule: MuteRule, now: number): 'SCHEDULED' | 'ACTIVE' | 'EXPIRED' {
  if (mutesUntil(rule, now) !== undefined) return 'ACTIVE'
  const isOver = comesOnce(rule.Schedule) && lastWindow(rule.Schedule, now) !== undefined
  return isOver || (rule.expire !== undefined && now >= rule.expire) ? 'EXPIRED' : 'SCHEDULED'
}

/** Until when (milliseconds) at least an alarm is muted; undefined where it is not. */
export function mutedUntil(rows: Rows, place: string, alarm: string, now: number): number | undefined {
  const ends = muteRules(rows, place)
    .filter(({ AlarmNames }) => AlarmNames.includes(alarm))
    .flatMap((rule) => mutesUntil(rule, now) ?? [])
  return ends.length === 0 ? undefined : Math.max(...ends)
}
