import { InvalidArgumentError, type Command } from 'commander';
import { type UserClass, userClasses } from '@athanor/schema';
import { openConnection } from '../connection.ts';
import { formatTable } from '../formatTable.ts';
import { addConnectionOptions } from './commonOptions.ts';

interface ClientsOptions {
  json?: boolean;
  url?: string;
  token?: string;
  data?: string;
}

interface AddOptions extends ClientsOptions {
  role: UserClass;
  user?: string;
  tenant?: string;
}

/** `clients add|list|revoke`: who may sign in. */
export function addClientsCommand(program: Command): void {
  const clients = program.command('clients').description('make, list and revoke credentials to sign in with');
  const add = clients
    .command('add <name>')
    .description('make a credential; its secret is shown once')
    .option('--role <class>', `what it may do: ${userClasses.join(', ')}`, parseRole, 'standard' as UserClass)
    .option('--user <id>', 'user it acts for, e.g. USR2 (default: a new one of this name)')
    .option('--tenant <name>', 'tenant it belongs to, made when there is none (default: the first)')
    .option('--json', 'print as JSON');
  addConnectionOptions(add).action(addClient);
  const list = clients.command('list').description('list credentials').option('--json', 'print as JSON');
  addConnectionOptions(list).action(listClients);
  const revoke = clients
    .command('revoke <clientId>')
    .description('revoke a credential; its tokens end at once');
  addConnectionOptions(revoke).action(revokeClient);
}

async function addClient(name: string, options: AddOptions): Promise<void> {
  const connection = await openConnection(options);
  try {
    const { role, user, tenant } = options;
    const made = await connection.client.call('createClient', {
      body: {
        name,
        userClass: role,
        ...(user === undefined ? {} : { userId: user }),
        ...(tenant === undefined ? {} : { tenant }),
      },
    });
    if (options.json === true) {
      console.log(JSON.stringify(made));
      return;
    }
    console.log(
      `Made a client for ${made.userName} (${made.userId}, ${made.userClass}). The secret is shown once:`,
    );
    console.log(`  client id       ${made.clientId}`);
    console.log(`  client secret   ${made.clientSecret}`);
  } finally {
    await connection.close();
  }
}

async function listClients(options: ClientsOptions): Promise<void> {
  const connection = await openConnection(options);
  try {
    const { Items } = await connection.client.call('listClients', {});
    if (options.json === true) {
      console.log(JSON.stringify(Items));
      return;
    }
    const columns = ['client', 'name', 'user', 'role', 'tenant', 'made', 'revoked'];
    console.log(
      formatTable(
        columns.map((title) => ({ title })),
        Items.map((one) => [
          one.clientId,
          one.name,
          `${one.userId} ${one.userName}`,
          one.userClass,
          one.tenant,
          one.createdAt.slice(0, 10),
          one.revokedAt?.slice(0, 10) ?? '–',
        ]),
      ),
    );
  } finally {
    await connection.close();
  }
}

async function revokeClient(clientId: string, options: ClientsOptions): Promise<void> {
  const connection = await openConnection(options);
  try {
    await connection.client.call('revokeClient', { params: { clientId } });
    console.log(`${clientId} is revoked.`);
  } finally {
    await connection.close();
  }
}

function parseRole(text: string): UserClass {
  const role = userClasses.find((one) => one === text);
  if (role === undefined) throw new InvalidArgumentError(`A role is one of: ${userClasses.join(', ')}.`);
  return role;
}
