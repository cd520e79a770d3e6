#ifndef CB_TIMES_H
#define CB_TIMES_H

#include "cb_rows.h"

/// Steps of a time program; each is two bytes, the step and an operand that only CB_TIME_LITERAL
/// has.
typedef enum cb_time_step {
  CB_TIME_LITERAL = 1,    // exactly this byte
  CB_TIME_YEAR = 2,       // four digits
  CB_TIME_SHORT_YEAR = 3, // two digits: 69 to 99 are 19xx, 00 to 68 are 20xx, as POSIX has it
  CB_TIME_MONTH = 4,      // one or two digits, like the next ones; two where digits adjoin it
  CB_TIME_DAY = 5,
  CB_TIME_HOUR = 6,    // 0 to 23
  CB_TIME_HOUR_12 = 7, // 1 to 12
  CB_TIME_MINUTE = 8,
  CB_TIME_SECOND = 9,
  CB_TIME_FRACTION = 10,     // one to nine digits of a second; those behind the sixth must be zero
  CB_TIME_HALF_DAY = 11,     // AM or PM, in either case
  CB_TIME_MONTH_NAME = 12,   // English, in full or three letters, in either case
  CB_TIME_ZONE = 13,         // Z, +hh, +hhmm or +hh:mm
  CB_TIME_BLANKS = 14,       // one or more blanks
  CB_TIME_WEEKDAY_NAME = 15, // letters, not looked at
  CB_TIME_ISO = 16, // ISO 8601: date, then perhaps time and zone, a fraction behind seconds; alone
                    // in a program
  CB_TIME_EPOCH_SECONDS = 17,      // an integer with up to six decimals; alone in a program
  CB_TIME_EPOCH_MILLISECONDS = 18, // an integer; alone in a program
} cb_time_step;

/// How times are written.
typedef struct cb_time_format {
  const uint8_t *program; // steps
  size_t program_size;    // bytes
  int64_t zone_offset; // the ledger's zone in microseconds east of UTC; text without a zone is not
                       // moved
} cb_time_format;

/// Reads one time as microseconds since 1970-01-01T00:00:00 of the ledger's clock.
/// Returns CB_FAULT_NONE or CB_FAULT_TIME, with *instant = 0.
int cb_parse_time(const uint8_t *text, size_t length, const cb_time_format *format,
                  int64_t *instant);

/// Reads a column of times; one that equals the row's before is not read again.
///   rows, column, format  in
///   instants              out  one a row; 0 after a fault
///   faults                in/out  one a row; rows with a fault keep it
/// Returns how many faults are new.
size_t cb_parse_times(const cb_rows *rows, uint32_t column, const cb_time_format *format,
                      int64_t *instants, uint8_t *faults);

#endif
