/**
 * The staff of the demonstration chain: one person of each role, to sign in as without a password. Sales operations also edit
 * campaigns; a scope alone permits to read.
 */
import type { StaffMember } from './servers/oidc/staff.ts';

export const DEMO_STAFF: readonly StaffMember[] = [
  { id: 'boss', name: '陈静', groups: ['role:boss', 'scope:chain'] },
  { id: 'sales-ops', name: '林晓雯', groups: ['role:sales-ops', 'role:campaign-editor', 'scope:chain'] },
  { id: 'regional-manager', name: '黄志强', groups: ['role:regional-manager', 'scope:region:south'] },
  { id: 'city-manager', name: '周敏', groups: ['role:city-manager', 'scope:city:shenzhen'] },
  { id: 'store-manager', name: '李伟', groups: ['role:store-manager', 'scope:store:sz01'] },
  { id: 'privacy-officer', name: '何静怡', groups: ['role:privacy-officer'] },
];
