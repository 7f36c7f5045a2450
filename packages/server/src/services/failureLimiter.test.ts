import { expect, it } from 'vitest';
import { FailureLimiter } from './failureLimiter.ts';

it('lets a name wait after too many failures, for as long as it says, and no other name', () => {
  let now = 0;
  const limiter = new FailureLimiter(3, 60, () => now);
  for (let i = 0; i < 2; i++) limiter.fail('a');
  expect(limiter.waitSeconds('a')).toBe(0);
  limiter.fail('a');
  expect(limiter.waitSeconds('a')).toBe(60);
  expect(limiter.waitSeconds('b')).toBe(0);
  now = 59_500;
  expect(limiter.waitSeconds('a')).toBe(1);
  now = 60_000;
  expect(limiter.waitSeconds('a')).toBe(0);
});

it('forgets failures after a success', () => {
  const limiter = new FailureLimiter(2, 60, () => 0);
  limiter.fail('a');
  limiter.succeed('a');
  limiter.fail('a');
  expect(limiter.waitSeconds('a')).toBe(0);
});

it('remembers so many names and no more', () => {
  const limiter = new FailureLimiter(1, 60, () => 0);
  for (let i = 0; i <= 10_000; i++) limiter.fail(`name ${i}`);
  expect(limiter.waitSeconds('name 0')).toBe(0);
  expect(limiter.waitSeconds('name 10000')).toBe(60);
});
