import { describeApi } from '@athanor/server';

/** docs/openapi.json: the API as machines read it, from the routes in the schema package. */
export async function generateOpenApi(): Promise<string> {
  return `${JSON.stringify(await describeApi(), null, 1)}\n`;
}
