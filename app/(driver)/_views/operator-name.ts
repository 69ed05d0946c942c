/** An operator's short name as people read it. A display name in the policy will replace this. */

export const operatorName = (operator: string): string => operator.charAt(0).toUpperCase() + operator.slice(1)
