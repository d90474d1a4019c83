#!/usr/bin/env bash
# libphonenumber-js 1.13.16: what isValid() says of a Chinese number depends on the metadata that are imported.
#
# The default entry ("min") calls every number of a possible length valid: a Taiwanese mobile, a Hong Kong number and a text
# message sender, written without a country code and read as Chinese, and a mobile to which a spreadsheet appended ".0" (the
# point is dropped and the 0 becomes a twelfth digit). The entry "max" calls all four invalid and the mobile below valid.
# A shop that identifies customers by phone has to ask "max", or check the national pattern itself.
#
# Output seen, number then min and max:
#   13800138000 true true
#   0912345678 true false
#   51234567 true false
#   106575551234 true false
#   13800138005.0 true false
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund libphonenumber-js@1.13.16
cat >try.mjs <<'JS'
import { parsePhoneNumberFromString as min } from 'libphonenumber-js/min';
import { parsePhoneNumberFromString as max } from 'libphonenumber-js/max';
for (const text of ['13800138000', '0912345678', '51234567', '106575551234', '13800138005.0'])
  console.log(text, min(text, 'CN').isValid(), max(text, 'CN').isValid());
JS
node try.mjs | tee seen
diff - seen <<'SEEN'
13800138000 true true
0912345678 true false
51234567 true false
106575551234 true false
13800138005.0 true false
SEEN
