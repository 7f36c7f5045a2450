import { type UserClass, userClasses } from '@athanor/schema';
import type { Caller } from './caller.ts';

/** Whether a caller may do what users of `least` class may do; each class may do what those below it may. */
export function hasRole(caller: Pick<Caller, 'userClass'>, least: UserClass): boolean {
  return userClasses.indexOf(caller.userClass) >= userClasses.indexOf(least);
}
