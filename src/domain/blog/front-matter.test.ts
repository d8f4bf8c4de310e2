import { describe, expect, test } from 'vitest'
import { type ParsedPost, parsePostFile } from './front-matter.ts'

const NOW = new Date('2024-06-01T00:00:00Z')

const parse = (text: string | Uint8Array, path = 'some-post.md'): ParsedPost =>
  parsePostFile({
    path,
    bytes: typeof text === 'string' ? Buffer.from(text) : text,
    folderName: 'my-blog',
    now: NOW,
  })

const problems = (text: string | Uint8Array): string[] =>
  parse(text).problems.map(({ field, message }) => `${field}: ${message}`)

describe('the front matter of Jekyll', () => {
  test('gives title, date, tags and categories, which may be words in one line', () => {
    const text =
      '---\nlayout: post\ntitle:  "Welcome to Jekyll!"\ndate:   2020-01-31 09:05:07 +0100\ncategories: jekyll update\n' +
      'tags:\n  - Ruby\n  - ruby\n  - 2020\ncategory: Site news\nexcerpt: Short.\nlast_modified_at: 2020-02-01\n---\nHello.\n'
    expect(parse(text, '_posts/2020-01-30-welcome-to-jekyll.md')).toEqual({
      title: 'Welcome to Jekyll!',
      slug: 'welcome-to-jekyll',
      markdown: 'Hello.',
      excerpt: 'Short.',
      tags: ['Ruby', '2020'],
      categories: ['Site news', 'jekyll', 'update'],
      coverUrl: null,
      status: 'published',
      date: '2020-01-31T08:05:07.000Z',
      updatedAt: '2020-02-01T00:00:00.000Z',
      problems: [],
      warnings: [],
    })
  })

  test('takes date and slug from the file name when they are not written', () => {
    expect(parse('---\ntitle: T\n---\nx', '_posts/2020-1-5-My-Post.markdown')).toMatchObject({
      date: '2020-01-05T00:00:00.000Z',
      slug: 'my-post',
    })
    expect(parse('x', '2020-02-31-no-such-day.md')).toMatchObject({ date: null, slug: null })
  })

  test('makes drafts of what is not to be published', () => {
    expect(parse('---\npublished: false\n---\nx').status).toBe('draft')
    expect(parse('x', '_drafts/idea.md').status).toBe('draft')
    expect(parse('---\npublished: true\n---\nx').status).toBe('published')
  })

  test('reads the slug off a permalink, but not off a pattern', () => {
    expect(parse('---\npermalink: /2020/about-us.html\n---\nx').slug).toBe('about-us')
    expect(parse('---\npermalink: /:categories/:title/\n---\nx').slug).toBe('some-post')
  })
})

describe('the front matter of Hugo', () => {
  const toml =
    '+++\ntitle = "My first post"\ndate = 2020-01-31T10:00:00+02:00\npublishDate = 2020-02-01T10:00:00Z\nlastmod = 2020-03-01\n' +
    'draft = false\nslug = "First_Post"\ntags = ["a b", "c"]\ncategories = ["One"]\nsummary = "Sum."\n' +
    'images = ["https://a.example/i.png"]\n+++\n\n# Heading\n\nText.\n'
  const json = `${JSON.stringify(
    {
      title: 'My first post',
      publishDate: '2020-02-01T10:00:00Z',
      lastmod: '2020-03-01',
      slug: 'first-post',
      tags: ['a b', 'c'],
      categories: ['One'],
      description: 'Sum.',
      cover: { image: 'https://a.example/i.png', alt: '} "' },
    },
    null,
    2,
  )}\n\n# Heading\n\nText.\n`

  test.each([
    ['TOML', toml],
    ['JSON', json],
  ])('is read from %s', (_, text) => {
    expect(parse(text)).toEqual({
      title: 'My first post',
      slug: 'first-post',
      markdown: '# Heading\n\nText.',
      excerpt: 'Sum.',
      tags: ['a b', 'c'],
      categories: ['One'],
      coverUrl: 'https://a.example/i.png',
      status: 'published',
      date: '2020-02-01T10:00:00.000Z',
      updatedAt: '2020-03-01T00:00:00.000Z',
      problems: [],
      warnings: [],
    })
  })

  test('makes drafts, and schedules what lies in the future', () => {
    expect(parse('+++\ndraft = true\ndate = 2030-01-01\n+++\nx').status).toBe('draft')
    expect(parse('+++\ndate = 2024-06-01T00:00:01Z\n+++\nx').status).toBe('scheduled')
    expect(parse('+++\ndate = 2024-06-01T00:00:00Z\n+++\nx').status).toBe('published')
  })

  test('leaves out a cover that is no URL, and says so', () => {
    const post = parse('---\nfeatured_image: /images/cover.png\n---\nx')
    expect(post.coverUrl).toBe(null)
    expect(post.problems).toEqual([])
    expect(post.warnings).toEqual([
      { field: 'featured_image', message: 'featured_image is left out: /images/cover.png is no http(s) URL.' },
    ])
  })

  test('names a page bundle after its folder', () => {
    expect(parse('---\ntitle: T\n---\nx', 'posts/a-trip/index.md').slug).toBe('a-trip')
    expect(parse('x', 'posts/a-trip/index.md').title).toBe('a-trip')
  })
})

describe('the front matter of Ghost', () => {
  test('gives status, dates, excerpt, image and tags, which may be objects', () => {
    const fields = {
      title: 'From Ghost',
      slug: 'from-ghost',
      status: 'published',
      created_at: '2019-12-31T00:00:00.000Z',
      published_at: '2020-01-31T10:00:00.000Z',
      updated_at: 1_580_515_200_000,
      custom_excerpt: 'Own words.',
      meta_description: 'For machines.',
      feature_image: 'https://a.example/f.jpg',
      primary_tag: { name: 'News', slug: 'news' },
      tags: [
        { name: 'News', slug: 'news' },
        { name: 'Node', slug: 'node' },
        { name: '#internal', slug: 'hash-internal' },
      ],
      html: '<p>The <b>body</b>.</p>',
    }
    expect(parse(`${JSON.stringify(fields)}\n`)).toEqual({
      title: 'From Ghost',
      slug: 'from-ghost',
      markdown: '<p>The <b>body</b>.</p>',
      excerpt: 'Own words.',
      tags: ['News', 'Node'],
      categories: [],
      coverUrl: 'https://a.example/f.jpg',
      status: 'published',
      date: '2020-01-31T10:00:00.000Z',
      updatedAt: '2020-02-01T00:00:00.000Z',
      problems: [],
      warnings: [],
    })
  })

  test('keeps drafts and scheduled posts what they are', () => {
    expect(parse('---\nstatus: draft\ncreated_at: 2019-12-31\n---\nx')).toMatchObject({
      status: 'draft',
      date: '2019-12-31T00:00:00.000Z',
    })
    expect(parse('---\nstatus: scheduled\npublished_at: 2030-01-01\n---\nx').status).toBe('scheduled')
    expect(problems('---\nstatus: scheduled\n---\nx')).toEqual([
      'published_at: A scheduled post needs the date on which it is published.',
    ])
    expect(problems('---\nstatus: secret\n---\nx')).toEqual(['status: status must be draft, published or scheduled.'])
  })
})

describe('a file without front matter', () => {
  test.each([
    ['a Markdown heading', '# The *title* `x` [link](y) ![badge](z)\n\nBody.', 'The title x link', 'Body.'],
    ['an underlined heading', 'Title\n=====\nBody.', 'Title', 'Body.'],
    [
      'an HTML heading',
      '<h1 align="center">\n  <img src="l.png"> Title &amp; more\n</h1>\n\nBody.',
      'Title & more',
      'Body.',
    ],
    ['an HTML heading with blank lines', '<h1 align=center>\n\nTitle\n\n</h1>\n\nBody.', 'Title', 'Body.'],
    [
      'a heading behind a logo',
      '<p><img src="l.png"></p>\n\n# Title\nBody.',
      'Title',
      '<p><img src="l.png"></p>\n\nBody.',
    ],
    ['a heading that is an image', '# ![Title](logo.png)\n\nBody.', 'Title', 'Body.'],
    [
      'an HTML heading that is an image',
      '<h1><img src="https://a.example/l.png" alt="Title"></h1>\n\nBody.',
      'Title',
      'Body.',
    ],
    ['a deeper heading with which it begins', '## Title\n\nBody.', 'Title', 'Body.'],
  ])('is titled by %s, which then leaves the body', (_, text, title, markdown) => {
    expect(parse(text)).toMatchObject({ title, markdown, slug: null, status: 'published', date: null, problems: [] })
  })

  test('is not titled by a section, a comment or a line of code', () => {
    for (const text of [
      'Body.\n\n## Install',
      '<!-- <h1>No</h1> -->\nBody.',
      '```sh\n# no\n```',
      '<!--\n# no\n-->\nBody.',
    ]) {
      expect(parse(text, 'docs/getting-started.md')).toMatchObject({ title: 'getting started', markdown: text })
    }
  })

  test('is named after its folder when it is a README, in whatever language', () => {
    expect(parse('Body.', 'left-pad/README.md').title).toBe('left-pad')
    expect(parse('Body.', 'left-pad/readme.pt-BR.md').title).toBe('left-pad')
    expect(parse('Body.', 'README.md').title).toBe('my-blog')
  })

  test('may begin with a thematic break or a brace', () => {
    expect(parse('---\n\nProse here\n\n---\n\nmore')).toMatchObject({
      markdown: '---\n\nProse here\n\n---\n\nmore',
      problems: [],
    })
    expect(parse('{% raw %} text')).toMatchObject({ markdown: '{% raw %} text', problems: [] })
  })

  test('gets a heading of more than 200 characters cut at a word', () => {
    const { title, problems } = parse(`# ${'word '.repeat(60)}\n\nBody.`)
    expect(problems).toEqual([])
    expect(title.length).toBeLessThanOrEqual(200)
    expect(title.endsWith('word…')).toBe(true)
  })
})

describe('bytes', () => {
  test('may begin with a byte order mark and end lines as Windows does', () => {
    expect(parse('\uFEFF---\r\ntitle: T\r\n---\r\na\r\nb\r\n')).toMatchObject({
      title: 'T',
      markdown: 'a\nb',
      problems: [],
    })
  })

  test('lose terminal escapes, which mean nothing in a post', () => {
    expect(parse('a\u001b[1mb\u0007\u007f').markdown).toBe('a[1mb')
  })

  test('that are not UTF-8 or hold NUL are refused', () => {
    expect(problems(Buffer.from([0x23, 0x20, 0xe4, 0x0a]))).toEqual(['file: The file is not UTF-8 text.'])
    expect(problems('a\u0000b')).toEqual(['file: The file contains NUL bytes; it is not text.'])
  })
})

describe('a file is refused with the field that is wrong', () => {
  test.each([
    ['---\ntitle: [\n---\nx', /^front matter: The YAML front matter cannot be read/],
    ['---\ntitle: T\nx', /^front matter: The YAML front matter has no closing --- line/],
    ['+++\ntitle = T\n+++\nx', /^front matter: The TOML front matter cannot be read/],
    ['+++\ntitle = "T"\nx', /^front matter: The TOML front matter has no closing/],
    ['{"title": }\nx', /^front matter: The JSON front matter cannot be read/],
    ['{"title": "T"\nx', /^front matter: The JSON front matter has no closing brace/],
    ['---\ndate: yesterday\n---\nx', /^date: date must be a date such as/],
    ['---\ndate: 2021-02-29\n---\nx', /^date: /],
    ['+++\ndate = 10:00:00\n+++\nx', /^date: /],
    [`---\ntitle: ${'x'.repeat(201)}\n---\nx`, /^title: title may have at most 200 characters/],
    ['---\ntitle: {a: b}\n---\nx', /^title: title must be text/],
    ['---\ntags: [[a]]\n---\nx', /^tags: tags must be a list of names/],
    ['---\ndraft: perhaps\n---\nx', /^draft: draft must be true or false/],
    ['---\ntitle: T\n---\n\n \n', /^body: The post has no text/],
    ['# Only a title', /^body: The post has no text/],
    ['', /^body: The post has no text/],
  ])('%j', (text, expected) => {
    const found = problems(text)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(expected)
  })
})

describe('what a post may be filed under', () => {
  test('is at most ten tags and three categories; the rest is left out and said', () => {
    const names = Array.from({ length: 12 }, (_, number) => `t${number}`)
    const post = parse(`---\ntags: [${names.join(', ')}]\ncategories: [a, b, c, d]\n---\nx`)
    expect(post.tags).toEqual(names.slice(0, 10))
    expect(post.categories).toEqual(['a', 'b', 'c'])
    expect(post.warnings.map(({ message }) => message)).toEqual([
      'tags without t10, t11: a post may have at most 10.',
      'categories without d: a post may have at most 3.',
    ])
  })

  test('is one tag for all spellings of one address, and none for a name that has no address', () => {
    const post = parse('---\ntags: [Web Dev, web-dev, "WEB  DEV", 日本]\n---\nx')
    expect(post.tags).toEqual(['Web Dev'])
    expect(post.warnings).toEqual([
      { field: 'tags', message: 'tags without 日本: a name needs Latin letters or digits.' },
    ])
  })
})
