/* Where both halves of the library write: one ring, so that there is one order. */
#ifndef IOREWIND_OUTPUT_H
#define IOREWIND_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../include/iorewind_ring.h"

/* Joins the ring of the environment variable IOREWIND_RING, or of `path` if that is not NULL. False: recording is off. */
bool output_start(const char *path);

bool output_on(void);

/* Records a line without its line end; true unless it was lost. */
bool output_line(enum iorewind_stream stream, const char *text, size_t length);

/* A sentence for the person who records; the VM's own output stays clean. */
void output_note(const char *text);

/* Changes whenever the reader may not know any longer what it was told: records were lost, or another reader came. */
uint64_t output_generation(void);

/* What the reader found out about the base of the device table; 0: nothing. */
uint64_t output_device_table(void);

/* Whether the other half records every store to the tables, so that nothing needs to be read beside the lines. */
extern _Atomic bool output_stores_recorded;

#endif
