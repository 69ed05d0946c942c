import { expect, test } from 'vitest'
import { statementsOf } from '@/lib/cloud/database/statements'

test.each([
  ['', []],
  [' ; ;', []],
  ['select 1', ['select 1']],
  ['select 1; select 2;', ['select 1', 'select 2']],
  ["select 'a;b''; c'; select 2", ["select 'a;b''; c'", 'select 2']],
  ['select 1 as "a;b"; select 2', ['select 1 as "a;b"', 'select 2']],
  ['do $$ begin a; b; end $$; select 2', ['do $$ begin a; b; end $$', 'select 2']],
  ['do $x$ begin $$;$$; end $x$; select 2', ['do $x$ begin $$;$$; end $x$', 'select 2']],
  ['select 1 -- one; two\n; select 2', ['select 1 -- one; two', 'select 2']],
])('%j has the statements %j', (sql, expected) => {
  expect(statementsOf(sql)).toEqual(expected)
})
