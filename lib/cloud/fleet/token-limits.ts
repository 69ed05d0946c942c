/** Whole currency units and days that one token may carry, and what a rule may say at most. */
export const tokenLimits = {
  capMost: 1_000,
  daysMost: 45,
  nameCharsMax: 60,
  vehicleClassMost: 15,
  minuteMost: 1_439,
} as const
