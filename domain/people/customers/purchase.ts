/**
 * What a person bought, out of a receipt. It says less than the receipt: what somebody's own history needs, and neither who
 * sat at the till nor how it was paid.
 */
import type { CityId, ProductId } from '../../chain/ids.ts';
import { discountsOf, lineValueOf, type Receipt } from '../../place/figures/receipt.ts';
import type { BoughtProduct, Purchase } from './customer.ts';

/**
 * The purchase of a receipt. What was brought back counts below 0; the receipt's discount is taken off its lines by their
 * value; gifts are no purchase and are left out. Its money is what the receipt comes to, to the last ten-thousandth.
 *
 * @param name the name of the receipt, under which the purchase is kept once
 * @param cityId where the store stands
 */
export function purchaseOf(receipt: Receipt, name: string, cityId: CityId): Purchase {
  const discounts = discountsOf(receipt);
  const products = new Map<ProductId, BoughtProduct>();
  receipt.lines.forEach((line, index) => {
    if (line.unitPrice === 0n) return;
    const value = lineValueOf(line) - (discounts[index] ?? 0n);
    const before = products.get(line.productId);
    products.set(line.productId, {
      productId: line.productId,
      quantity: (before?.quantity ?? 0) + line.quantity,
      net: (before?.net ?? 0n) + (line.quantity > 0 ? value : -value),
    });
  });
  const bought = [...products.values()];
  return {
    storeId: receipt.storeId,
    cityId,
    day: receipt.businessDay,
    closedAtMs: receipt.closedAt.instantMs,
    receipt: name,
    net: bought.reduce((sum, { net }) => sum + net, 0n),
    units: bought.reduce((sum, { quantity }) => sum + quantity, 0),
    products: bought,
  };
}
