/** Why a command cannot do what was asked, and what to do about it; for what no server has a code for. */
export class CommandError extends Error {
  readonly fix: string;

  constructor(message: string, fix: string, options?: ErrorOptions) {
    super(message, options);
    this.fix = fix;
  }
}
