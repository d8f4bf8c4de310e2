import { Command, InvalidArgumentError } from 'commander'
import { readConfig } from './config.ts'
import { createLog } from './core/log.ts'
import { grantRole } from './domain/account/account.ts'
import { ROLES, type Role } from './domain/viewer.ts'
import { explain } from './explain.ts'
import { openAtrium } from './wiring.ts'

function readRole(given: string): Role {
  const role = ROLES.find((each) => each === given.toUpperCase())
  if (role === undefined) throw new InvalidArgumentError(`It must be one of ${ROLES.join(', ')}.`)
  return role
}

async function run(handle: string, role: Role): Promise<void> {
  const config = readConfig()
  const { deps, close } = await openAtrium(config, { log: createLog(config.logLevel) })
  try {
    const before = await grantRole(deps.db, handle, role)
    process.stdout.write(
      before === role ? `${handle} is ${role} already.\n` : `${handle} was ${before} and is ${role} now.\n`,
    )
  } finally {
    await close()
  }
}

const program = new Command('role')
  .description('Gives a member a role: the way to the first administrator of a new Atrium.')
  .argument('<handle>', 'whose')
  .argument('<role>', `which: ${ROLES.join(', ')}`, readRole)
  .action(run)

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
