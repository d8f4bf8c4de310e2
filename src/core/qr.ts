import { create } from 'qrcode'
import { escapeHtml } from './html.ts'

/** Modules of light around the code; readers need them (ISO/IEC 18004, 7.3.1: four). */
const QUIET_ZONE = 4

/**
 * A QR code as an SVG of its own: dark on light whatever stands around it, one unit for each module, sharp at any size.
 * Error correction M survives a crumpled print.
 */
export function drawQrCode(text: string, label: string): string {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const side = modules.size + 2 * QUIET_ZONE
  let path = ''
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (modules.get(row, column) === 0) continue
      let end = column + 1
      while (end < modules.size && modules.get(row, end) !== 0) end++
      path += `M${column + QUIET_ZONE} ${row + QUIET_ZONE}h${end - column}v1h-${end - column}z`
      column = end
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" role="img" aria-label="${escapeHtml(label)}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path fill="#000" d="${path}"/></svg>`
}
