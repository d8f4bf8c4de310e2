import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { isDay } from '../../core/calendar.ts'
import { DomainError, invalidInput } from '../../core/errors.ts'
import { convert, crossRate, scaled } from '../../core/exchange.ts'
import type { Currency, Money } from '../../core/money.ts'
import type { Executor } from '../../db/database.ts'
import { findRate } from '../../db/queries/exchange-rate.ts'
import { runStatement } from '../../db/statement.ts'
import { exchangeRates } from '../../db/tables/exchange-rate.ts'
import type { DatedRate, RateSource } from '../../gateways/exchange-rate/rates.ts'
import { defineJob } from '../../gateways/queue.ts'
import type { Deps } from '../deps.ts'
import { checkInput } from '../input.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'

/** Brings the day's rates, where an address for them is set. */
export const fetchExchangeRates = defineJob<Record<string, never>>('exchangeRate.fetch', {
  retryLimit: 5,
  retryDelaySeconds: 300,
})

const rateInput = z.object({
  currency: z.string().refine((code) => code !== 'EUR', 'Rates are units of another currency for one euro.'),
  on: z.string().refine(isDay, 'This is no date of the calendar.'),
  unitsPerEuro: z
    .string()
    .trim()
    .refine((text) => {
      try {
        return scaled(text) > 0n
      } catch {
        return false
      }
    }, 'A rate is a decimal above 0 with at most 8 digits behind the point.'),
})

export interface NewRate {
  currency: string
  /** A calendar date, today at the latest. */
  on: string
  unitsPerEuro: string
}

/**
 * Staff sets the rate of a day. It counts more than the bank's, which never overwrites it.
 * @throws DomainError `FORBIDDEN`, `INVALID_INPUT`.
 */
export async function setExchangeRate(deps: Deps, viewer: Viewer, input: NewRate): Promise<NewRate> {
  ensureStaff(viewer)
  const { currency, on, unitsPerEuro } = checkInput(rateInput, input)
  // Somewhere it is tomorrow already.
  const latest = new Date(deps.clock.now().getTime() + 86_400_000).toISOString().slice(0, 10)
  if (on > latest) throw invalidInput(['input', 'on'], 'Nobody knows the rates of the future.')
  const rate = { unitsPerEuro, source: 'STAFF' as const, setById: viewer.accountId }
  await deps.db.orm
    .insert(exchangeRates)
    .values({ currency, ratedOn: on, ...rate })
    .onConflictDoUpdate({
      target: [exchangeRates.currency, exchangeRates.ratedOn],
      set: { ...rate, updatedAt: sql`now()` },
    })
  return { currency, on, unitsPerEuro }
}

/** Adds rates of the bank; what staff has set stays. Answers how many were new or different. */
export async function keepRates(db: Executor, rates: readonly DatedRate[]): Promise<number> {
  const kept = await runStatement<object>(
    db,
    sql`insert into ${exchangeRates} as r (currency, rated_on, units_per_euro, source)
      select distinct on (currency, "ratedOn") currency, "ratedOn", "unitsPerEuro", 'ECB'::rate_source
      from jsonb_to_recordset(${JSON.stringify(rates)}::text::jsonb) as w(currency text, "ratedOn" date, "unitsPerEuro" numeric)
      on conflict (currency, rated_on) do update set units_per_euro = excluded.units_per_euro, updated_at = now()
      where r.source = 'ECB' and r.units_per_euro <> excluded.units_per_euro returning 1`,
  )
  return kept.length
}

export const bringRates = async (deps: Pick<Deps, 'db'>, source: RateSource): Promise<number> =>
  keepRates(deps.db, await source.fetch())

export interface Conversion {
  readonly amount: Money
  /** So many of the target for one of the source, rounded for people. */
  readonly rate: string
  /** The day that the rate is of, the older one of two; null where none is needed. */
  readonly asOf: string | null
  readonly isStale: boolean
}

/**
 * An amount in another currency, with the last rates until a day.
 * @throws DomainError `NOT_FOUND` where there is no rate: nothing is made up.
 */
export async function convertMoney(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  amount: Money,
  target: Currency,
  on: string | null,
): Promise<Conversion> {
  const today = clock.now().toISOString().slice(0, 10)
  const day = on ?? today
  if (!isDay(day)) throw invalidInput(['on'], 'This is no date of the calendar.')
  const found = await findRate(db, { source: amount.currency, target, day, today })
  if (found.sourceUnits === null || found.targetUnits === null) {
    throw new DomainError('NOT_FOUND', `There is no rate from ${amount.currency} to ${target} of ${day} or before.`, [
      'to',
    ])
  }
  const { sourceUnits, targetUnits, asOf, isStale } = found
  return {
    amount: converted(amount, sourceUnits, target, targetUnits),
    rate: crossRate(sourceUnits, targetUnits),
    asOf,
    isStale,
  }
}

function converted(amount: Money, source: string, target: Currency, units: string): Money {
  try {
    return convert(amount, source, target, units)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw invalidInput(['amount'], 'This is more money than can be converted.')
  }
}
