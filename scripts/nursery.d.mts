/** Written by hand: the scripts run before there is a compiler. */
export const NURSERY: string
