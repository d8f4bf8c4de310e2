import { quantityOf } from '../../core/quantity.ts'
import { type Amount, inSystem, type Measured, type UnitPreference, unitOf } from '../recipe/units.ts'

/** An amount as the database and answers keep it: whole numbers of any size, as text. */
export interface KeptAmount {
  readonly numerator: string | null
  readonly denominator: string | null
  readonly unit: string | null
}

/** Null for as much as one likes. */
export const amountOf = ({ numerator, denominator, unit }: KeptAmount): Amount | null =>
  numerator === null || denominator === null
    ? null
    : {
        value: quantityOf({ numerator: BigInt(numerator), denominator: BigInt(denominator) }),
        unit: unit === null ? null : unitOf(unit),
      }

/** An amount of a list as somebody measures it; null stays null. */
export const inUnits = (amount: Amount | null, units: UnitPreference, food: Measured | null): Amount | null =>
  amount === null ? null : inSystem(amount, units, food)

/**
 * What is bought where so much is needed: of what comes whole the next whole number (two thirds of a bay leaf are one of
 * them), of all else as much.
 */
export const toBuy = ({ value, unit }: Amount): Amount => ({
  value: unit === null || unit.isWhole ? value.ceil() : value,
  unit,
})
