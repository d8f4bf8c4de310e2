import { sql } from 'drizzle-orm'
import type { Uuid } from '../../../core/ids.ts'
import type { Executor } from '../../database.ts'
import { type Batched, keysOf } from '../../relation.ts'
import { statement } from '../../statement.ts'
import { tickets } from '../../tables/cinema/booking.ts'
import { movies, showtimes } from '../../tables/cinema/programme.ts'

/** Of the movies `keys` those of which the account `viewer` has a ticket of a showing that has begun. */
export const seenMovies = statement<Batched<object>>(
  sql`select distinct ${showtimes.movieId} as "__key" from ${tickets} join ${showtimes} on ${showtimes.id} = ${tickets.showtimeId}
    where ${tickets.accountId} = ${sql.placeholder('viewer')}::text::uuid and ${tickets.status} in ('VALID', 'CHECKED_IN')
      and ${showtimes.status} <> 'CANCELLED' and ${showtimes.startsAt} <= now() and ${showtimes.movieId} = any(${keysOf(movies.id)})`,
)

/** Of one answer. */
export const MAX_RECOMMENDED = 10
/** People who are asked what else they like, for each movie: half of them reviewed it, half went to see it. */
const FANS = 50
/** As many of the latest showings are looked at for those who went. */
const SHOWINGS = 20
/** Things that each of them likes. */
const LIKES = 20

/** Who liked the movie `m.id`, the latest first. Each branch ends by its index, however famous the movie is. */
const FANS_OF_MOVIE = `
  select fan from (select author_id as fan from reviews where subject_id = m.id and state = 'VISIBLE' and stars >= 4 order by stars desc, created_at desc, id desc limit ${FANS}) reviewed
  union
  select fan from (
    select t.account_id as fan from (select id from showtimes where movie_id = m.id order by starts_at desc, id desc limit ${SHOWINGS}) s
      cross join lateral (select account_id from tickets where showtime_id = s.id and status in ('VALID', 'CHECKED_IN') and account_id is not null limit ${FANS}) t
    limit ${FANS}) went`

/** What the account `f.fan` likes. */
const LIKES_OF_FAN = `
  select movie_id from (select subject_id as movie_id from reviews r where r.author_id = f.fan and r.state = 'VISIBLE' and r.stars >= 4 order by r.created_at desc limit ${LIKES}) reviewed
  union
  select movie_id from (
    select s.movie_id from (select showtime_id, status from tickets where account_id = f.fan order by created_at desc, id desc limit ${LIKES}) t
      join showtimes s on s.id = t.showtime_id where t.status in ('VALID', 'CHECKED_IN')) went`

/** For each of the movies `keys` others that its fans like, the most shared first. */
export const likedTogether = statement<{ __key: Uuid; id: Uuid }>(
  sql`select m.id as "__key", liked.id as "id" from ${movies} m cross join lateral (
      select other.id from (${sql.raw(FANS_OF_MOVIE)}) f cross join lateral (${sql.raw(LIKES_OF_FAN)}) l join ${movies} other on other.id = l.movie_id
      where l.movie_id <> m.id group by other.id order by count(*) desc, other.rating_rank desc, other.id limit ${sql.raw(String(MAX_RECOMMENDED))}
    ) liked where m.id = any(${sql.placeholder('keys')}::text::uuid[])`,
)

/** Of the viewer: what they liked or saw, and what goes together with it. */
const recommended = statement<{ id: Uuid }>(
  sql`with own as materialized (
      select movie_id from (select ${sql.placeholder('viewer')}::text::uuid as fan) f cross join lateral (${sql.raw(LIKES_OF_FAN)}) l
    ), seen as materialized (
      select s.movie_id from tickets t join showtimes s on s.id = t.showtime_id where t.account_id = ${sql.placeholder('viewer')}::text::uuid and t.status in ('VALID', 'CHECKED_IN')
      union select subject_id from reviews where author_id = ${sql.placeholder('viewer')}::text::uuid
    ), shared as materialized (
      select l.movie_id, count(distinct f.fan) as fans from own join movies m on m.id = own.movie_id
        cross join lateral (${sql.raw(FANS_OF_MOVIE)}) f cross join lateral (${sql.raw(LIKES_OF_FAN)}) l
      where f.fan <> ${sql.placeholder('viewer')}::text::uuid group by 1
    )
    select m.id as "id" from movies m left join shared on shared.movie_id = m.id
    where m.id not in (select movie_id from seen) and exists (
      select 1 from showtimes s where s.movie_id = m.id and s.status = 'SCHEDULED' and s.starts_at > now())
    order by coalesce(shared.fans, 0) desc, m.rating_rank desc, m.release_day desc, m.id limit ${sql.raw(String(MAX_RECOMMENDED))}`,
)

export const findRecommended = async (db: Executor, viewer: Uuid): Promise<Uuid[]> =>
  (await recommended.run(db, { viewer })).map(({ id }) => id)
