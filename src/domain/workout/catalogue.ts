import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { newId } from '../../core/ids.ts'
import type { Database } from '../../db/database.ts'
import { equipment, exerciseKind } from '../../db/tables/workout/exercise.ts'
import { MUSCLES } from './rules.ts'

/** Beside `src` as well as beside `dist`. */
const FILE = new URL('../../../catalogue/exercises.json', import.meta.url)

const LOCK = 7_201_540_266

const muscles = z.array(z.enum(MUSCLES))
const exercise = z.strictObject({
  code: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  name: z.string().min(1).max(80),
  kind: z.enum(exerciseKind.enumValues),
  equipment: z.enum(equipment.enumValues),
  muscles: muscles.min(1),
  secondaryMuscles: muscles.default([]),
  instructions: z.string().default(''),
})

const catalogue = z.object({ source: z.string(), licence: z.string(), exercises: z.array(exercise) })

/** What the file says. @throws ZodError when it is not what a catalogue is. */
export const readExerciseCatalogue = () => catalogue.parse(JSON.parse(readFileSync(FILE, 'utf8')))

/**
 * Brings the tables to what the file says, at every start: new exercises come in, changed ones are changed under their id, those
 * that left the file are listed no more. A start that changes nothing writes nothing, and several servers may start at once.
 */
export async function syncExercises(db: Database): Promise<void> {
  const { exercises } = readExerciseCatalogue()
  const rows = exercises.map((each) => ({ id: newId(), ...each })).sort((a, b) => (a.code < b.code ? -1 : 1))
  await db.transaction(async (tx) => {
    // Names are unique as well as codes, and `on conflict` waits for one of the two only.
    await tx.query('select pg_advisory_xact_lock($1)', [LOCK])
    await tx.query(
      `with file as (
       select * from json_to_recordset($1::text::json) as row(id uuid, code text, name text, kind exercise_kind, equipment equipment,
         muscles text[], "secondaryMuscles" text[], instructions text)
     ), written as (
       insert into exercises as e (id, code, name, kind, equipment, muscles, secondary_muscles, instructions)
       select id, code, name, kind, equipment, muscles, "secondaryMuscles", instructions from file order by code
       on conflict (code) do update set name = excluded.name, kind = excluded.kind, equipment = excluded.equipment,
         muscles = excluded.muscles, secondary_muscles = excluded.secondary_muscles, instructions = excluded.instructions,
         retired_at = null, updated_at = now()
       where (e.name, e.kind, e.equipment, e.muscles, e.secondary_muscles, e.instructions, e.retired_at)
         is distinct from (excluded.name, excluded.kind, excluded.equipment, excluded.muscles, excluded.secondary_muscles,
           excluded.instructions, null::timestamptz)
     )
     update exercises set retired_at = now(), updated_at = now()
     where owner_id is null and retired_at is null and code not in (select code from file)`,
      [JSON.stringify(rows)],
    )
  })
}
