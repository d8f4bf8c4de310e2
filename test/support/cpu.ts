/**
 * Runs it and measures the processor time of this process meanwhile, in milliseconds. What else the machine does at the
 * same time does not count, as it would on a clock.
 */
export async function cpuMsOf(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
