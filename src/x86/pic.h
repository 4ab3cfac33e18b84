/* The two 8259 interrupt controllers: muster only silences them. */
#ifndef X86_PIC_H
#define X86_PIC_H

/* Masks every line. BSP; harmless where there are no PICs. */
void pic_mask(void);

#endif
