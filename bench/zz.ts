import 'reflect-metadata'
import { newId } from '../src/core/ids.ts'
import { lookAt } from '../src/db/queries/cinema/hold-look.ts'
import { Decider } from '../src/domain/cinema/decide.ts'
const { startBenchServer } = await import('./server.ts')
const server = await startBenchServer()
const staff = await server.world.person({ handle: 'staffx', role: 'STAFF' })
const { cinema } = server.world
const m = await cinema.movie(staff), t = await cinema.theatre(staff)
const sc = await cinema.screen(staff, t, { name: 'x', allowsSingleSeats: true, rows: cinema.rows(...Array(10).fill('SSSSSSSSSS')) })
const st = await cinema.showtime(staff, m, sc)
const ids = Object.values(await cinema.seats(sc))
const db = server.running.atrium.deps.db
const orig = db.query.bind(db)
const wrap = { ...db, query: async (text: string, p: unknown[]) => { const s = performance.now(); try { return await orig(text, p) } finally { console.log(text.trim().slice(0, 30), (performance.now() - s).toFixed(1)) } } }
for (let r = 0; r < 6; r++) {
  await orig('delete from seat_claims')
  const { holdSeats } = await import('../src/domain/cinema/hold.ts')
  const s = performance.now()
  const c0 = process.cpuUsage()
  await Promise.all(Array.from({ length: 200 }, () => holdSeats({ ...server.running.atrium.deps, db: wrap as never }, { holderId: newId(), isGuest: true }, { showtimeId: st, seatIds: [...new Set(Array.from({ length: 1 + Math.floor(Math.random() * 4) }, () => ids[Math.floor(Math.random() * 100)] as string))] }).catch(() => null)))
  const c = process.cpuUsage(c0)
  console.log('total', (performance.now() - s).toFixed(1), 'cpu', (c.user + c.system) / 1000)
}
void lookAt; void Decider
await server.close()
