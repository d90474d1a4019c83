import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasCheckDigit, parseLabelPattern, productCode, readLabel } from '#domain/goods/product-code.ts';

describe('a product code', () => {
  it.each([
    ['6901234567892', '06901234567892', '06901234567892'],
    ['012345678905', '0012345678905', '00012345678905'],
    ['96385074', '00000096385074', '00000096385074'],
  ])('is one product in all its lengths: %s and %s (R27)', (short, long, code) => {
    expect([productCode(short), productCode(long)]).toEqual([code, code]);
  });

  it.each(['6901234567893', 'SKU-1001', '12345', '123456789', '690123456789X', ''])(
    'stays as it is where it is no checked barcode: %s (R27)',
    (code) => {
      expect(productCode(code)).toBe(code);
    },
  );

  it('has one form, which is its own form (R27)', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,14}$/), (code) => {
        expect(productCode(productCode(code))).toBe(productCode(code));
      }),
    );
  });

  it('is refused by its check digit where one digit is wrong (R27)', () => {
    for (let place = 0; place < 13; place++) {
      const digits = [...'6901234567892'];
      digits[place] = String((Number(digits[place]) + 1) % 10);
      expect(hasCheckDigit(digits.join(''))).toBe(false);
    }
  });
});

describe('a label of a store', () => {
  const patterns = ['20PPPPPWWWWWC', '21PPPPPVMMMMC', '02PPPPPMMMMMC'].flatMap(
    (text) => parseLabelPattern(text) ?? [],
  );
  const withCheck = (twelve: string): string =>
    [...'0123456789'].map((digit) => `${twelve}${digit}`).find(hasCheckDigit) ?? '';

  it('is one product for every weight, and says the weight (R27)', () => {
    expect(readLabel(withCheck('201234500333'), patterns)).toEqual({ productId: '2012345', grams: 333 });
    expect(readLabel(withCheck('201234501250'), patterns)).toEqual({ productId: '2012345', grams: 1_250 });
  });

  it('says the price, and leaves out the check digit of the price (R27)', () => {
    expect(readLabel(withCheck('021234501299'), patterns)).toEqual({ productId: '0212345', price: 129_900n });
    expect(readLabel(withCheck('211234571299'), patterns)).toEqual({ productId: '2112345', price: 129_900n });
  });

  it('is an ordinary code without a pattern, or with a wrong check digit (R27)', () => {
    expect(readLabel(withCheck('291234501299'), patterns)).toBeUndefined();
    expect(readLabel('6901234567892', patterns)).toBeUndefined();
    expect(readLabel(`${withCheck('201234500333').slice(0, 12)}x`, patterns)).toBeUndefined();
  });

  it.each(['20PPPPPWWWWW', '30PPPPPWWWWWC', '20WWWWWPPPPPC', '20PPPPPXXXXXC', ''])(
    'has no pattern such as "%s" (R27)',
    (text) => {
      expect(parseLabelPattern(text)).toBeUndefined();
    },
  );
});
