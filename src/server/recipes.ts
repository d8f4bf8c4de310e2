import type { FastifyPluginAsync } from 'fastify'
import { DomainError } from '../core/errors.ts'
import { escapeHtml } from '../core/html.ts'
import { MAX_SERVINGS } from '../domain/recipe/rules.ts'
import { type RecipeSheet, type SheetImage, type SheetWish, UNITS_IN_ADDRESS } from '../domain/recipe/sheet.ts'
import type { UnitPreference } from '../domain/recipe/units.ts'
import { etagOf, hasEtag } from './etag.ts'
import { renderHead, SITE, siteTitle } from './head.ts'
import { PUBLIC_PAGE_HEADERS, publicPrintable } from './printable.ts'

export interface RecipesOptions {
  /** Without a slash at its end. */
  publicUrl: () => string
  /** Null for what is not there for everybody. */
  findSheet: (address: { chef: string; slug: string }, wish: SheetWish) => Promise<RecipeSheet | null>
}

const FULL_WIDTH = '(max-width: 752px) 100vw, 720px'
const SMALL_WIDTH = '(max-width: 752px) 100vw, 320px'

const date = (instant: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(instant))

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

/** `1 h 30 min` */
function duration(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return [hours === 0 ? '' : `${hours} h`, rest === 0 ? '' : `${rest} min`].filter((part) => part !== '').join(' ')
}

const time = (minutes: number | null): string =>
  minutes === null || minutes === 0 ? '' : `<time datetime="PT${minutes}M">${duration(minutes)}</time>`

function picture({ alt, width, height, sources }: SheetImage, style: string, sizes: string): string {
  const set = (format: keyof typeof sources): string =>
    sources[format].map((source) => `${escapeHtml(source.path)} ${source.width}w`).join(', ')
  const source = (format: 'AVIF' | 'WEBP'): string =>
    `<source type="image/${format.toLowerCase()}" srcset="${set(format)}" sizes="${sizes}">`
  const fallback = sources.JPEG.at(-1)?.path ?? ''
  return `<picture class="${style}">${source('AVIF')}${source('WEBP')}<img src="${escapeHtml(fallback)}" srcset="${set('JPEG')}" sizes="${sizes}" width="${width}" height="${height}" alt="${escapeHtml(alt)}"></picture>`
}

/** `GLUTEN_FREE` becomes `Gluten free`. */
const sentence = (name: string): string => {
  const words = name.toLowerCase().replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function facts(sheet: RecipeSheet): string {
  const { servings, makes, cuisine, diets } = sheet
  // What comes out is said of the recipe as it is written.
  const made = servings === sheet.writtenServings ? makes : ''
  const all: readonly (readonly [name: string, html: string])[] = [
    ['Serves', String(servings)],
    ['Makes', escapeHtml(made)],
    ['Preparation', time(sheet.prepMinutes)],
    ['Cooking', time(sheet.cookMinutes)],
    ['In all', time(sheet.totalMinutes)],
    ['Cuisine', escapeHtml(cuisine)],
    ['Diet', diets.map(sentence).join(', ')],
  ]
  const shown = all.filter(([, html]) => html !== '')
  return `<dl class="facts">${shown.map(([name, html]) => `<div><dt>${name}</dt><dd>${html}</dd></div>`).join('')}</dl>`
}

const UNIT_NAMES: Readonly<Record<UnitPreference, string>> = { AS_WRITTEN: 'as written', METRIC: 'metric', US: 'US' }

/** Reads the page anew, for others and in other units: no script is needed for it. */
function choice({ path, servings, units, hasBadServings }: RecipeSheet): string {
  const option = (value: string, unit: UnitPreference): string =>
    `<option value="${value}"${unit === units ? ' selected' : ''}>${UNIT_NAMES[unit]}</option>`
  const options = [option('', 'AS_WRITTEN'), ...[...UNITS_IN_ADDRESS].map(([value, unit]) => option(value, unit))]
  const refusal = hasBadServings
    ? `<p role="alert">Servings are 1 to ${MAX_SERVINGS.toLocaleString('en')}; this is the recipe as it is written.</p>`
    : ''
  return `${refusal}<form class="screen" method="get" action="${escapeHtml(path)}"><label>Servings <input type="number" name="servings" min="1" max="${MAX_SERVINGS}" required value="${servings}"></label><label>Units <select name="units">${options.join('')}</select></label><button>Show</button></form>`
}

const headed = (title: string | null): string => (title === null ? '' : `<h3>${escapeHtml(title)}</h3>`)

const ingredients = ({ ingredients: groups }: RecipeSheet): string =>
  groups
    .map(
      ({ title, lines }) => `${headed(title)}<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`,
    )
    .join('')

/** Numbered through, whatever headings stand between. */
function steps({ steps: groups }: RecipeSheet): string {
  let number = 1
  return groups
    .map(({ title, steps: all }) => {
      const start = number
      number += all.length
      const items = all.map(
        ({ html, minutes }) => `<li>${html}${minutes === null ? '' : `<p class="quiet">${time(minutes)}</p>`}</li>`,
      )
      return `${headed(title)}<ol start="${start}">${items.join('')}</ol>`
    })
    .join('')
}

function nutrition({ nutrition: known }: RecipeSheet): string {
  if (known === null) return ''
  const figures: readonly (readonly [name: string, value: string | null, unit: string])[] = [
    ['Energy', known.energyKcal, 'kcal'],
    ['Protein', known.proteinG, 'g'],
    ['Fat', known.fatG, 'g'],
    ['Carbohydrate', known.carbohydrateG, 'g'],
    ['Fibre', known.fibreG, 'g'],
    ['Sodium', known.sodiumMg, 'mg'],
  ]
  const shown = figures.flatMap(([name, value, unit]) =>
    value === null ? [] : [`<div><dt>${name}</dt><dd>${Number(value)} ${unit}</dd></div>`],
  )
  const without = known.leftOut.length === 0 ? '' : `, without ${escapeHtml(known.leftOut.join(', '))}`
  const source =
    known.source === 'CHEF'
      ? 'As the chef gives it.'
      : `Added up from the foods that go in${without}: a guide, not a measurement.`
  return `<section><h2>Nutrition per serving</h2><dl class="facts">${shown.join('')}</dl><p class="quiet">${source}</p></section>`
}

/** Where it was taken from; only what a browser may be sent to. */
function source({ sourceUrl }: RecipeSheet): string {
  if (sourceUrl === null || !URL.canParse(sourceUrl)) return ''
  const { protocol, host } = new URL(sourceUrl)
  if (protocol !== 'https:' && protocol !== 'http:') return ''
  return `<p class="quiet">After a recipe of <a href="${escapeHtml(sourceUrl)}" rel="nofollow noopener">${escapeHtml(host)}</a>.</p>`
}

function draw(sheet: RecipeSheet, publicUrl: string): string {
  const { title, chef, summary, rating, publishedAt, labels, cover, moreImages, path } = sheet
  const stars = rating === null ? '' : ` · ${rating.average} of 5 stars (${plural(rating.count, 'review', 'reviews')})`
  const operation = `{ recipe(chef: ${JSON.stringify(chef.handle)}, slug: ${JSON.stringify(path.split('/').at(-1))}) { title averageRating reviews { nodes { stars text } } comments { nodes { body } } } }`
  return `<header><a class="brand" href="/">${SITE}</a><span>Recipe</span></header>
<article class="long recipe">
<h1>${escapeHtml(title)}</h1>
<p class="quiet">By ${escapeHtml(chef.name)} · <time datetime="${publishedAt}">${date(publishedAt)}</time>${stars}</p>
${summary === '' ? '' : `<p>${escapeHtml(summary).replaceAll('\n', '<br>')}</p>`}
${cover === null ? '' : picture(cover, 'cover', FULL_WIDTH)}
${facts(sheet)}
${choice(sheet)}
<div class="cook"><section><h2>Ingredients</h2>${ingredients(sheet)}</section><section><h2>Method</h2>${steps(sheet)}</section></div>
${nutrition(sheet)}
${labels.length === 0 ? '' : `<ul class="labels">${labels.map((name) => `<li>${escapeHtml(name)}</li>`).join('')}</ul>`}
${moreImages.length === 0 ? '' : `<div class="more">${moreImages.map((image) => picture(image, '', SMALL_WIDTH)).join('')}</div>`}
${source(sheet)}<p class="paper quiet">${escapeHtml(publicUrl + path)}</p>
</article>
<article class="screen"><p>Comment on it, rate it, or put it into your meal plan in your app. <a href="/graphql">Open the playground</a> and ask:</p><p><code>${escapeHtml(operation)}</code></p></article>
${data(sheet)}`
}

/** For programs. `<` could end the script element early; everything else is safe inside it. */
const data = ({ structured }: RecipeSheet): string =>
  `<script type="application/ld+json">${JSON.stringify(structured).replaceAll('<', '\\u003c')}</script>`

const notThere = () => new DomainError('NOT_FOUND', 'There is no such recipe, or it is no longer public.')

/** `GET /recipes/<chef>/<slug>`: a published recipe, to read, to cook from and to print. */
export const recipes: FastifyPluginAsync<RecipesOptions> = async (app, { publicUrl, findSheet }) => {
  app.get<{ Params: { chef: string; slug: string }; Querystring: { servings?: unknown; units?: unknown } }>(
    '/recipes/:chef/:slug',
    async (request, reply) => {
      const { params, query } = request
      const sheet = await findSheet(params, { servings: query.servings, units: query.units })
      if (sheet === null) throw notThere()
      if (sheet.path !== `/recipes/${params.chef}/${params.slug}`) {
        // Not for good: a slug may be taken back, and who had kept this answer would go in circles.
        const { search } = new URL(request.url, 'http://localhost')
        return reply.header('cache-control', 'no-cache').redirect(sheet.path + search, 302)
      }
      const head = renderHead(
        {
          title: siteTitle(sheet.title),
          description: sheet.summary,
          canonical: sheet.path,
          article: { ...sheet, authorName: sheet.chef.name },
        },
        publicUrl(),
      )
      const html = publicPrintable({ head, body: draw(sheet, publicUrl()) })
      const etag = etagOf(html)
      reply.headers({ ...PUBLIC_PAGE_HEADERS, etag })
      if (hasEtag(request, etag) === true) return reply.code(304).send()
      return reply.type('text/html; charset=utf-8').send(html)
    },
  )
}
