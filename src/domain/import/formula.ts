/** What programmes for tables compute: formulas begin with these, full-width ones in Japan. */
const STARTS = '=+\\-@\\t\\r＝＋－＠'

/** Where German or Swedish Excel begins a cell, whatever the file says: it takes the semicolon of its country for the separator. */
const INSIDE = new RegExp(`([;\\t|\\r\\n]"*)(?=[${STARTS}])`, 'g')
const INSIDE_MARKED = new RegExp(`([;\\t|\\r\\n]"*)'(?=[${STARTS}])`, 'g')
const FIRST_MARKED = new RegExp(`^'(?=[${STARTS}])`)

/**
 * A text whose cells, should it be taken for several, are texts as well. Its own beginning is marked by whoever writes the table
 * (`escape_formulas`).
 */
export const markedInside = (text: string): string => text.replace(INSIDE, "$1'")

/** A programme for tables shows a formula that is marked with an apostrophe as text; the mark is none of it. */
export const unmarked = (cell: string): string => cell.replace(FIRST_MARKED, '').replace(INSIDE_MARKED, '$1')
