import { fileURLToPath } from 'node:url'
import type { Config } from './config.ts'
import { encodeId } from './core/ids.ts'
import { writeMoney } from './core/money.ts'
import { DEMO_PEOPLE, seedDemo } from './demo/demo.ts'
import { findMailAddress } from './domain/account/account.ts'
import { findViewer, watchViewer } from './domain/account/session.ts'
import { findFeed, findFeedTitle } from './domain/blog/feed-source.ts'
import { findPreview } from './domain/blog/preview.ts'
import {
  countTicketsOf,
  findCancelledShowtime,
  findEndedWait,
  findSeatOffer,
  findTicketsUrl,
} from './domain/cinema/mail.ts'
import { findPoster } from './domain/cinema/poster.ts'
import { findMovieSignpost, findShowtimeSignpost } from './domain/cinema/signpost.ts'
import { findTicketSheet } from './domain/cinema/ticket-sheet.ts'
import { bringRates } from './domain/exchange-rate/exchange-rate.ts'
import { EXPENSES_CSV_PATH, exportExpenses, readExportLink } from './domain/expense/export.ts'
import { findNotificationMail } from './domain/notification/mail.ts'
import { isUnsubscribeToken, UNSUBSCRIBE_PATH, unsubscribe } from './domain/notification/unsubscribe.ts'
import { syncCatalogue } from './domain/recipe/catalogue.ts'
import { findRecipeSheet } from './domain/recipe/sheet.ts'
import {
  findDisputeNotice,
  findElsewhereNotice,
  findLowStockNotice,
  findOrderAddress,
  findRefundNotice,
} from './domain/shop/notice.ts'
import { findReceiptMail, findRefundMail } from './domain/shop/order-mail.ts'
import { findReceipt } from './domain/shop/receipt.ts'
import { receiveEvent } from './domain/shop/settlement.ts'
import { findProductSignpost } from './domain/shop/signpost.ts'
import { FILES_PATH, findFile } from './domain/upload/link.ts'
import { admitUpload, maxBytesOf, receiveFile } from './domain/upload/receive.ts'
import { type UploadUse, USES } from './domain/upload/uses.ts'
import type { Viewer } from './domain/viewer.ts'
import { shippedRates } from './gateways/exchange-rate/sources.ts'
import { createMailer } from './gateways/mail/mailer.ts'
import { sendMail } from './gateways/mail/outbox.ts'
import { TEST_BANK_PATH, WEBHOOK_PATH } from './gateways/payment/test-gateway.ts'
import { accountJobs } from './jobs/account.ts'
import { blogJobs } from './jobs/blog.ts'
import { cinemaJobs } from './jobs/cinema.ts'
import { exchangeRateJobs } from './jobs/exchange-rate.ts'
import { expenseJobs } from './jobs/expense.ts'
import { importJobs } from './jobs/import.ts'
import { mailHandler } from './jobs/mail.ts'
import { notificationJobs } from './jobs/notification.ts'
import { pollJobs } from './jobs/poll.ts'
import { recipeJobs } from './jobs/recipe.ts'
import { shopJobs } from './jobs/shop.ts'
import { surveyJobs } from './jobs/survey.ts'
import { uploadJobs } from './jobs/upload.ts'
import { workoutJobs } from './jobs/workout.ts'
import { BatchLoaders } from './loaders/batch.ts'
import { ACCESS_COOKIE, forgetAccess } from './resolvers/session-cookies.ts'
import { type Context, TextBudget } from './schema/context.ts'
import { art } from './server/art.ts'
import type { Door } from './server/door.ts'
import { expenses } from './server/expenses.ts'
import { feeds } from './server/feeds.ts'
import { files } from './server/files.ts'
import { playground, playgroundHandler } from './server/playground.ts'
import { posters } from './server/posters.ts'
import { reader } from './server/reader.ts'
import { receipts } from './server/receipts.ts'
import { recipes } from './server/recipes.ts'
import { createGraph } from './server/schema.ts'
import { createServer } from './server/server.ts'
import { signposts } from './server/signposts.ts'
import { testBank } from './server/test-bank.ts'
import { ticketPages } from './server/tickets.ts'
import { unsubscribePage } from './server/unsubscribe.ts'
import type { UploadsOptions } from './server/uploads.ts'
import { webhooks } from './server/webhooks.ts'
import { type Atrium, type OpenOptions, openAtrium } from './wiring.ts'

/** What `vite build` made of `web/`. Beside `src` as well as inside `dist`. */
const WEB_DIRECTORY = fileURLToPath(new URL('../dist/web', import.meta.url))

export interface RunningServer {
  readonly url: string
  readonly port: number
  readonly atrium: Atrium
  /** Finishes what is in flight, then closes everything; within ten seconds. */
  stop(): Promise<void>
}

const RATE_WINDOW_SECONDS = 60
/** As long as requests in flight are given: the two end side by side. */
export const JOBS_STOP_MS = 7_000

/** Does the queue's and the clock's work in this process. */
export function startJobs(atrium: Atrium, config: Config): void {
  const { deps, queue } = atrium
  const { smtpUrl, mailFrom: from, dataDirectory } = config
  const mailer = createMailer({ smtpUrl, from, dataDirectory, log: deps.log })
  const mails = mailHandler({
    mailer,
    findAddress: (id) => findMailAddress(deps.db, id),
    findNotificationMail: (mail) => findNotificationMail(deps, mail),
    findLowStockNotice: (id) => findLowStockNotice(deps, id),
    findRefundNotice: (id) => findRefundNotice(deps, id),
    findElsewhereNotice: (id) => findElsewhereNotice(deps, id),
    findDisputeNotice: (id) => findDisputeNotice(deps, id),
    async findReceiptMail(id) {
      const receipt = await findReceiptMail(deps, id)
      return receipt === null ? null : { ...receipt, ticketsUrl: await findTicketsUrl(deps, id) }
    },
    async findRefundMail(id) {
      const refund = await findRefundMail(deps, id)
      return refund === null ? null : { ...refund, tickets: await countTicketsOf(deps.db, id) }
    },
    findOrderAddress: (id) => findOrderAddress(deps.db, id),
    findCancelledShowtime: (orderId, showtimeId) => findCancelledShowtime(deps, orderId, showtimeId),
    findSeatOffer: (id) => findSeatOffer(deps, id),
    findEndedWait: (id) => findEndedWait(deps, id),
  })
  queue.work(sendMail, mails, { concurrency: 4 })
  blogJobs(queue, deps)
  accountJobs(queue, deps)
  shopJobs(queue, deps, atrium.testGateway)
  notificationJobs(queue, deps)
  pollJobs(queue, deps)
  surveyJobs(queue, deps)
  cinemaJobs(queue, deps)
  workoutJobs(queue, deps)
  expenseJobs(queue, deps)
  importJobs(queue, deps)
  exchangeRateJobs(queue, deps, config.exchangeRatesUrl)
  recipeJobs(queue, deps)
  uploadJobs(queue, deps)
  void queue.start()
}

/** Of the pool's ten, unless the operator set another number. */
const CONNECTIONS_PER_REQUEST = 4

const doorOf = async ({ deps }: Atrium, answerCharacters: number): Promise<Door<Context>> => ({
  schema: await createGraph(),
  async authenticate({ bearer, cookies }) {
    const token = bearer ?? cookies[ACCESS_COOKIE]
    return token === undefined ? null : findViewer(deps, token)
  },
  forgetSession: forgetAccess,
  watch(viewer, end) {
    const unwatch = watchViewer(deps, viewer as Viewer, end)
    const left = deps.presence.connected(viewer.accountId)
    return () => {
      unwatch()
      left()
    }
  },
  active: ({ accountId }) => deps.presence.active(accountId),
  personal: { viewer: ['viewer'], connection: ['origin', 'cookies'] },
  createContext({ viewer, address, userAgent, cookies, setCookie }) {
    const db = deps.db.lane(CONNECTIONS_PER_REQUEST)
    return {
      deps: { ...deps, db },
      viewer: viewer as Viewer | null,
      loaders: new BatchLoaders(db),
      texts: new TextBudget(answerCharacters),
      origin: { address, userAgent },
      cookies: { values: cookies, set: setCookie ?? null },
    }
  },
})

const uploadsOf = ({ deps }: Atrium): UploadsOptions => ({
  uses: Object.keys(USES),
  async admit(viewer, use, announcedBytes) {
    await admitUpload(deps, viewer as Viewer, use as UploadUse, announcedBytes)
    return { maxBytes: maxBytesOf(deps, use as UploadUse) }
  },
  async receive(viewer, { use, ...file }) {
    const { keep, drop } = await receiveFile(deps, viewer as Viewer, { ...file, use: use as UploadUse })
    return { drop, keep: async () => encodeId('upload', await keep()) }
  },
})

/** Starts a whole server: database, demo data, transports and jobs. */
export async function startServer(config: Config, options: OpenOptions): Promise<RunningServer> {
  const atrium = await openAtrium(config, options)
  const { deps, queue, limiter } = atrium
  const { log } = deps
  try {
    await bringRates(deps, shippedRates)
    await syncCatalogue(deps.db)
    if (config.demo) await seedDemo(deps, options.onProgress)
    const pages = { directory: WEB_DIRECTORY, demo: config.demo ? { people: DEMO_PEOPLE } : null }
    options.onProgress?.('Opening the doors')
    const server = await createServer({
      config,
      log,
      door: await doorOf(atrium, config.limits.answerCharacters),
      perViewer: limiter('viewer', config.limits.ratePerViewer, RATE_WINDOW_SECONDS),
      perAddress: limiter('address', config.limits.ratePerAddress, RATE_WINDOW_SECONDS),
      ping: () => deps.db.query('select 1'),
      poolState: () => deps.db.poolState(),
      playground: playgroundHandler(pages),
      uploads: uploadsOf(atrium),
      plugins: [
        async (app) => {
          await app.register(playground, { directory: WEB_DIRECTORY })
          await app.register(reader, {
            ...pages,
            publicUrl: deps.publicUrl,
            findPreview: (author, slug) => findPreview(deps, author, slug),
            findTitle: (selector) => findFeedTitle(deps, selector),
          })
          await app.register(unsubscribePage, {
            path: UNSUBSCRIBE_PATH,
            isValid: (token) => isUnsubscribeToken(deps, token),
            unsubscribe: (token) => unsubscribe(deps, token),
          })
          await app.register(posters, { findPoster: (id) => findPoster(deps.db, id) })
          await app.register(receipts, { findReceipt: (address) => findReceipt(deps, address) })
          await app.register(ticketPages, { findSheet: (code) => findTicketSheet(deps, code) })
          await app.register(signposts, {
            findMovie: (id) => findMovieSignpost(deps, id),
            findShowtime: (id) => findShowtimeSignpost(deps, id),
            findProduct: (slug) => findProductSignpost(deps, slug),
          })
          await app.register(recipes, {
            publicUrl: deps.publicUrl,
            findSheet: (address, wish) => findRecipeSheet(deps, address, wish),
          })
          await app.register(art)
          await app.register(expenses, {
            path: EXPENSES_CSV_PATH,
            async open(link) {
              const wanted = readExportLink(deps, link)
              return wanted === null ? null : exportExpenses(deps, wanted)
            },
          })
          await app.register(files, {
            path: FILES_PATH,
            find: (address) => findFile(deps, address),
            open: (key, range) => deps.storage.get(key, range),
            nowMs: () => deps.clock.now().getTime(),
          })
          await app.register(webhooks, {
            path: WEBHOOK_PATH,
            receive: (body, signature) => receiveEvent(deps, body, signature),
          })
          const { testGateway } = atrium
          if (testGateway !== null) {
            await app.register(testBank, {
              path: TEST_BANK_PATH,
              async find(...address) {
                const asked = await testGateway.findAsked(...address)
                return asked === null ? null : { amount: writeMoney(asked) }
              },
              decide: async (...decision) => (await testGateway.authenticate(...decision)) !== null,
            })
          }
          await app.register(feeds, { publicUrl: deps.publicUrl, findFeed: (selector) => findFeed(deps, selector) })
        },
      ],
    })
    const { url, port } = await server.listen()
    atrium.setPublicUrl(url)
    startJobs(atrium, config)
    return {
      url,
      port,
      atrium,
      async stop() {
        await Promise.all([server.stop(), queue.stop(JOBS_STOP_MS)])
        await atrium.close()
      },
    }
  } catch (error) {
    await atrium.close()
    throw error
  }
}
