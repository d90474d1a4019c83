/**
 * The similarity, 0 … 100, from which two faces match, for each purpose.
 *
 * A wrong match has a different cost for each purpose, and its odds grow with the gallery: a face that is compared with n
 * users has n chances of a wrong match. So each purpose has a threshold of its own, and none is the service's default of
 * 80, which is meant for pairs of photographs.
 *
 * Measured by `npm run verify:faces` on 61 people of the Face Research Lab London set, enrolled neutral and searched for
 * smiling as a camera sees them, at 32 to 60 pixels, dark, tilted, slightly blurred (366 true pairs, 21,960 false ones): at
 * 80 all are found and 18 false pairs match, from 97 on all are found and none match. Only a strong blur, which the quality
 * gate rejects, costs more: at 97 it loses 7 of 61. 97 and 98 were chosen on this set and have been tried on no other. The
 * rates below are those of one comparison on LFW. None of this applies to other nets or to AWS, where it has to be measured
 * on the stores' own pictures.
 */

/** A visitor is recognised as an earlier one. If wrong, two visitors share a count of visits: about 1 in 80,000. */
export const VISITOR_MATCH_MIN = 97;

/** A face is recognised as a member or staff. If wrong, a stranger is greeted by the member's name: about 1 in 120,000. */
export const MEMBER_MATCH_MIN = 98;

/** Two users are the same person. If wrong, two histories are one until staff separate them. */
export const MERGE_MATCH_MIN = 98;

/** A face is on the watch-list. If wrong, an innocent person is suspected: about 1 in 300,000. */
export const WATCH_LIST_MATCH_MIN = 99;
