# Draws variation.svg and variation.png from variation.tsv. In this folder: gnuplot -d variation.gp
set encoding utf8
set datafile separator tab
set datafile missing 'NaN'
unset key
set border 3 linecolor rgb '#59636e' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#59636e'
set grid ytics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set lmargin at screen 0.3724
set rmargin at screen 0.8737
set bmargin at screen 0.1289
set tmargin at screen 0.899
set label 1 'Share of the variation of test accuracy' at screen 0.0184, 0.9582 left font ',17' textcolor rgb '#1f2328'
set xrange [0:0.905791]
set xtics ('0' 0, '20' 0.2, '40' 0.4, '60' 0.6, '80' 0.8)
set yrange [-12.6:0.6]
unset ytics
set border 1
set grid noytics xtics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set xlabel 'share of the variation (%)' textcolor rgb '#59636e' offset 0,0.2
set label 2 'learning rate' at graph -0.02, first -0 right textcolor rgb '#1f2328'
set label 3 '85.5 %' at graph 1.02, first -0 left textcolor rgb '#1f2328'
set label 4 'channels' at graph -0.02, first -1 right textcolor rgb '#1f2328'
set label 5 '7.1 %' at graph 1.02, first -1 left textcolor rgb '#1f2328'
set label 6 'learning rate × pooling' at graph -0.02, first -2 right textcolor rgb '#1f2328'
set label 7 '2.2 %' at graph 1.02, first -2 left textcolor rgb '#1f2328'
set label 8 'pooling' at graph -0.02, first -3 right textcolor rgb '#1f2328'
set label 9 '1.0 %' at graph 1.02, first -3 left textcolor rgb '#1f2328'
set label 10 'learning rate × activation' at graph -0.02, first -4 right textcolor rgb '#1f2328'
set label 11 '0.2 %' at graph 1.02, first -4 left textcolor rgb '#1f2328'
set label 12 'learning rate × channels' at graph -0.02, first -5 right textcolor rgb '#1f2328'
set label 13 '0.2 %' at graph 1.02, first -5 left textcolor rgb '#1f2328'
set label 14 'pooling × activation' at graph -0.02, first -6 right textcolor rgb '#1f2328'
set label 15 '0.1 %' at graph 1.02, first -6 left textcolor rgb '#1f2328'
set label 16 'channels × activation' at graph -0.02, first -7 right textcolor rgb '#1f2328'
set label 17 '0.0 %' at graph 1.02, first -7 left textcolor rgb '#1f2328'
set label 18 'channels × pooling' at graph -0.02, first -8 right textcolor rgb '#1f2328'
set label 19 '0.0 %' at graph 1.02, first -8 left textcolor rgb '#1f2328'
set label 20 'activation' at graph -0.02, first -9 right textcolor rgb '#1f2328'
set label 21 '0.0 %' at graph 1.02, first -9 left textcolor rgb '#1f2328'
set label 22 'three and more together' at graph -0.02, first -10 right textcolor rgb '#1f2328'
set label 23 '0.7 %' at graph 1.02, first -10 left textcolor rgb '#1f2328'
set label 24 'seed' at graph -0.02, first -11 right textcolor rgb '#1f2328'
set label 25 '0.1 %' at graph 1.02, first -11 left textcolor rgb '#1f2328'
set label 26 'noise: seed × configuration' at graph -0.02, first -12 right textcolor rgb '#1f2328'
set label 27 '2.8 %' at graph 1.02, first -12 left textcolor rgb '#1f2328'

set terminal svg size 760,574 dynamic noenhanced font 'sans-serif,15' background '#ffffff'
set output 'variation.svg'
plot \
  'variation.tsv' index 0 using ($1 / 2):2:($1 / 2):(0.3):3 with boxxyerror linecolor rgb variable fillstyle solid 1 noborder, \
  'variation.tsv' index 1 using 1:($2 - 0.38):(0):(0.76) with vectors nohead linewidth 2.4 linecolor rgb '#1f2328'
unset output

set terminal pngcairo size 1520,1148 noenhanced font 'sans-serif,11.3' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'variation.png'
replot
unset output
