import { describe, expect, test } from 'vitest'
import { readRateTable, readRateXml } from './rates.ts'
import { shippedRates } from './sources.ts'

/** As the bank writes it: https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml */
const DAILY = `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <Cube>
    <Cube time='2024-06-28'>
      <Cube currency='USD' rate='1.0705'/>
      <Cube currency='JPY' rate='171.94'/>
      <Cube currency='XXX' rate='1'/>
    </Cube>
    <Cube time="2024-06-27"><Cube currency="USD" rate="1.0696"/></Cube>
  </Cube>
</gesmes:Envelope>`

describe('the bank’s rates', () => {
  test('are read from its XML, currencies that are none left out', () => {
    expect(readRateXml(DAILY)).toEqual([
      { currency: 'USD', ratedOn: '2024-06-28', unitsPerEuro: '1.0705' },
      { currency: 'JPY', ratedOn: '2024-06-28', unitsPerEuro: '171.94' },
      { currency: 'USD', ratedOn: '2024-06-27', unitsPerEuro: '1.0696' },
    ])
  })

  test('are read from its table, what it does not quote left out', () => {
    expect(readRateTable('Date,USD,EEK,CHF,\n2025-04-25,1.1357,N/A,0.9421,\n')).toEqual([
      { currency: 'USD', ratedOn: '2025-04-25', unitsPerEuro: '1.1357' },
      { currency: 'CHF', ratedOn: '2025-04-25', unitsPerEuro: '0.9421' },
    ])
  })

  test('are read behind words on where they come from', () => {
    expect(readRateTable('# Source: the bank, "the" one\n# Terms\nDate,USD\n2025-04-25,1.1357\n')).toEqual([
      { currency: 'USD', ratedOn: '2025-04-25', unitsPerEuro: '1.1357' },
    ])
  })

  test.each([
    ['<html>Not found</html>', readRateXml],
    ["<Cube time='soon'><Cube currency='USD' rate='1'/></Cube>", readRateXml],
    ["<Cube time='2024-06-28'><Cube currency='USD' rate='-1'/></Cube>", readRateXml],
    ['Date,USD\nyesterday,1.1\n', readRateTable],
    ['Date,USD\n2025-04-25,N/A\n', readRateTable],
    ['', readRateTable],
  ])('are refused where there are none: %s', (text, read) => {
    expect(() => read(text)).toThrow()
  })

  test('that are shipped are of six days, each with the same currencies', async () => {
    const rates = await shippedRates.fetch()
    const days = new Set(rates.map(({ ratedOn }) => ratedOn))
    expect([...days].toSorted()).toEqual([
      '2024-06-28',
      '2025-04-17',
      '2025-04-22',
      '2025-04-23',
      '2025-04-24',
      '2025-04-25',
    ])
    const countOf = (day: string) => rates.filter(({ ratedOn }) => ratedOn === day).length
    expect(new Set([...days].map(countOf)).size).toBe(1)
    expect(rates).toContainEqual({ currency: 'USD', ratedOn: '2024-06-28', unitsPerEuro: '1.0705' })
  })
})
