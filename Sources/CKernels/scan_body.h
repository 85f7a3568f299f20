// One scan for one instruction set. The file that includes this defines
//   SCAN_NAME      the name of the function
//   SCAN_TARGET    the attribute that allows the instructions
//   SCAN_MASKS     (bytes, delimiter, quote, masks): which of 64 bytes are what
//   SCAN_PREFIX    (word): bit i is the parity of bits 0 to i
//   SCAN_FLATTEN   (ends, position, bits): writes the positions of the bits; may write up to 64 entries

SCAN_TARGET void SCAN_NAME(const uint8_t *bytes, size_t count, size_t limit, kernel_scan_state *state) {
  const uint8_t delimiter = state->delimiter;
  const uint8_t quote = state->quote;
  uint32_t *ends = state->ends;
  size_t end_count = 0;
  size_t record_count = 0;
  size_t line_breaks = 0;
  uint64_t irregular = 0;
  uint64_t returns = 0;
  // All ones while the block before ended inside a quoted field.
  uint64_t inside_carry = state->starts_inside ? ~UINT64_C(0) : 0;
  // Whether the byte before the block allows a quote to open a field; whether it closed one; whether it is a CR.
  uint64_t opens_carry = 1;
  uint64_t closes_carry = 0;
  uint64_t return_carry = 0;
  size_t position = 0;
  state->is_full = 0;

  for (; position < count; position += 64) {
    if (end_count + 64 > state->ends_capacity || record_count + 64 > state->records_capacity) {
      state->is_full = 1;
      return;
    }
    scan_masks masks;
    SCAN_MASKS(bytes + position, delimiter, quote, masks);
    if (count - position < 64) {
      const uint64_t valid = (UINT64_C(1) << (count - position)) - 1;
      masks.delimiters &= valid;
      masks.quotes &= valid;
      masks.feeds &= valid;
      masks.returns &= valid;
    }
    // From an opening quote up to the byte before its closing quote.
    const uint64_t inside = SCAN_PREFIX(masks.quotes) ^ inside_carry;
    const uint64_t second_halves = masks.feeds & ((masks.returns << 1) | return_carry);
    const uint64_t breaks = masks.returns | (masks.feeds & ~second_halves);
    uint64_t record_ends = breaks & ~inside;
    uint64_t field_ends = record_ends | (masks.delimiters & ~inside);
    const uint64_t opens = masks.quotes & inside;
    const uint64_t closes = masks.quotes & ~inside;
    const uint64_t may_open = field_ends | (second_halves & ~inside) | closes;
    uint64_t bad = opens & ~((may_open << 1) | opens_carry);
    bad |= ((closes << 1) | closes_carry) & ~(field_ends | opens);
    if (count - position < 64) bad &= (UINT64_C(1) << (count - position)) - 1;

    // The first record end after which the next record is another piece's.
    if (position + 65 >= limit && record_ends != 0) {
      const uint64_t late = limit <= position + 1    ? record_ends
                            : limit <= position + 64 ? record_ends & (~UINT64_C(0) << (limit - 1 - position))
                                                     : 0;
      uint64_t candidates = late;
      // A CR just before the limit whose LF follows: the next record starts at the limit or later.
      if (limit >= position + 2 && limit - 2 - position < 64) {
        const uint64_t bit = UINT64_C(1) << (limit - 2 - position);
        if ((record_ends & bit) && (masks.returns & bit) && limit - 1 < count && bytes[limit - 1] == '\n') {
          candidates |= bit;
        }
      }
      if (candidates != 0) {
        const unsigned last = (unsigned)__builtin_ctzll(candidates);
        const uint64_t kept = last == 63 ? ~UINT64_C(0) : (UINT64_C(1) << (last + 1)) - 1;
        const uint64_t taken = field_ends & kept;
        SCAN_FLATTEN(ends + end_count, (uint32_t)position, taken);
        for (uint64_t rest = record_ends & kept; rest != 0; rest &= rest - 1) {
          const uint64_t below = (rest & (~rest + 1)) - 1;
          state->records[record_count++] = (uint32_t)(end_count + __builtin_popcountll(taken & below) + 1);
        }
        end_count += (size_t)__builtin_popcountll(taken);
        size_t next = position + last + 1;
        if (bytes[next - 1] == '\r' && next < count && bytes[next] == '\n') next += 1;
        state->end_count = end_count;
        state->record_count = record_count;
        state->line_breaks = line_breaks + (size_t)__builtin_popcountll(breaks & kept);
        state->next = next;
        state->has_stopped = 1;
        state->ends_inside = 0;
        state->is_irregular = ((irregular | (bad & kept)) != 0) || (state->refuses_quotes && (masks.quotes & kept));
        state->has_returns = ((returns | (masks.returns & kept & ~inside)) != 0);
        return;
      }
    }

    irregular |= bad;
    if (state->refuses_quotes) irregular |= masks.quotes;
    returns |= masks.returns & ~inside;
    line_breaks += (size_t)__builtin_popcountll(breaks);
    SCAN_FLATTEN(ends + end_count, (uint32_t)position, field_ends);
    for (uint64_t rest = record_ends; rest != 0; rest &= rest - 1) {
      const uint64_t below = (rest & (~rest + 1)) - 1;
      state->records[record_count++] = (uint32_t)(end_count + __builtin_popcountll(field_ends & below) + 1);
    }
    end_count += (size_t)__builtin_popcountll(field_ends);
    inside_carry = (uint64_t)((int64_t)inside >> 63);
    opens_carry = may_open >> 63;
    closes_carry = closes >> 63;
    return_carry = masks.returns >> 63;
  }

  state->end_count = end_count;
  state->record_count = record_count;
  state->line_breaks = line_breaks;
  state->next = count;
  state->has_stopped = 0;
  state->ends_inside = inside_carry != 0;
  state->is_irregular = irregular != 0;
  state->has_returns = returns != 0;
}

#undef SCAN_NAME
#undef SCAN_TARGET
#undef SCAN_MASKS
#undef SCAN_PREFIX
#undef SCAN_FLATTEN
