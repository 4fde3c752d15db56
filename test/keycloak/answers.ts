import { describe, expect, test } from '@jest/globals';
import { explainTokenAnswer } from '../../src/platform/answers.js';
import type { Behaviour } from '../../src/stand-in/behaviour.js';
import { caseRealm } from '../unit/stand-in/case-realm.js';
import { keycloakCases } from '../unit/stand-in/keycloak-cases.js';
import { keycloakRequests } from '../unit/stand-in/keycloak-requests.js';
import { keycloakSessions } from '../unit/stand-in/keycloak-sessions.js';
import { observe } from '../unit/stand-in/observe.js';
import { loginFields, postForm } from '../unit/stand-in/platform.js';
import { httpsRealm, incomplete } from './realm.js';
import type { Keycloak } from './server.js';

/** What the server answers: the tables that the embedded platform is compared with too. */
export function describeAnswers({ url }: Keycloak, behaviour: Behaviour): void {
  const tokenUrl = (realm: string) => `${url}/realms/${realm}/protocol/openid-connect/token`;

  describe('the server', () => {
    test.each(keycloakCases)('answers $name as in the table', async (sent) => {
      expect(await observe(url, sent)).toEqual(sent.expected[behaviour]);
    });

    test.each([...keycloakRequests, ...keycloakSessions])(
      'answers $name, as in the table',
      async ({ clientId = caseRealm.clientId, talk, expected }) => {
        const issuer = `${url}/realms/${caseRealm.realm}`;
        expect(await talk({ issuer, clientId })).toEqual(expected[behaviour]);
      },
    );

    // The embedded platform has no profiles and no realms for HTTPS.
    test.each([
      [
        'an incomplete profile',
        caseRealm.realm,
        behaviour === 'keycloak-21' ? undefined : 'account-not-set-up',
      ],
      ['a realm that is only there for HTTPS', httpsRealm, 'https-required'],
    ])('answers to %s as the product knows', async (_what, realm, reason) => {
      const { username } = incomplete;
      const answer = await postForm(tokenUrl(realm), loginFields(incomplete));
      const shape = { bodyMode: 'urlencoded', clientAuth: 'body' } as const;
      const body = await answer.text();
      const { status } = answer;
      expect(explainTokenAnswer({ status, body, username, shape, now: Date.now() })).toBe(reason);
    });
  });
}
